import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { postOpenly } from '../api/http.js';
import { OpenPage } from '../components/open-page.js';
import { ProblemNote } from '../components/problem-note.js';
import { useMailedToken } from './mailed-token.js';

/** Asks for a click: programs that look into mails open links, and would confirm what nobody has read. */
export function ConfirmEmailPage() {
  const token = useMailedToken();
  const confirm = useMutation({ mutationFn: () => postOpenly('/v1/auth/email/confirm', { token }) });
  if (token === undefined) return <OpenPage title="This link is not whole">Open the link in the mail again, or copy all of it.</OpenPage>;
  return (
    <OpenPage title={confirm.isSuccess ? 'Your address is confirmed' : 'Confirm your address'} below={<Link to="/login">To the console</Link>}>
      <ProblemNote error={confirm.error} />
      {confirm.isSuccess ? (
        <p role="status">Thank you. You can close this page.</p>
      ) : (
        <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
          Confirm that this address is mine
        </Button>
      )}
    </OpenPage>
  );
}
