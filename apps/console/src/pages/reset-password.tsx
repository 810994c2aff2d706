import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { postOpenly } from '../api/http.js';
import { OpenPage } from '../components/open-page.js';
import { fieldError, ProblemNote } from '../components/problem-note.js';
import { submitting } from '../components/submitting.js';
import { useMailedToken } from './mailed-token.js';

/** Where the link in the mail leads, for staff and for users of projects alike. */
export function ResetPasswordPage() {
  const token = useMailedToken();
  const [password, setPassword] = useState('');
  const reset = useMutation({ mutationFn: () => postOpenly('/v1/auth/password/reset', { token, password }) });
  if (token === undefined) return <OpenPage title="This link is not whole">Open the link in the mail again, or copy all of it.</OpenPage>;
  if (reset.isSuccess) {
    return (
      <OpenPage title="Your password is set" below={<Link to="/login">Log in to the console</Link>}>
        <p role="status">Every session that you had has ended; log in with the new password from now on.</p>
      </OpenPage>
    );
  }
  return (
    <OpenPage title="Set a new password" below={<Link to="/forgot-password">Ask for another link</Link>}>
      <form onSubmit={submitting(() => reset.mutate())}>
        <ProblemNote error={reset.error} />
        <PasswordInput label="New password" description="8 characters or more; a sentence is good" autoComplete="new-password" required autoFocus value={password} onChange={(event) => setPassword(event.currentTarget.value)} error={fieldError(reset.error, 'password')} withAsterisk={false} />
        <Button type="submit" loading={reset.isPending}>
          Set the password
        </Button>
      </form>
    </OpenPage>
  );
}
