import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { postOpenly } from '../api/http.js';
import { session } from '../api/session.js';
import type { Invitation, StaffUser } from '../api/types.js';
import { OpenPage } from '../components/open-page.js';
import { fieldError, ProblemNote } from '../components/problem-note.js';
import { submitting } from '../components/submitting.js';
import { useMailedToken } from './mailed-token.js';

export function AcceptInvitationPage() {
  const token = useMailedToken();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const accept = useMutation({
    mutationFn: async () => {
      const given = { ...(password === '' ? {} : { password }), ...(name.trim() === '' ? {} : { user_name: name.trim() }) };
      const { user } = await postOpenly<{ user: StaffUser; invitation: Invitation }>('/v1/auth/invitations/accept', { token, ...given });
      // Who had a password before keeps it, and logs in by hand.
      if (password !== '' && user.user_email !== null) await session.logIn(user.user_email, password).catch(() => undefined);
    },
    onSuccess: () => navigate({ to: session.current().kind === 'in' ? '/' : '/login' }),
  });
  if (token === undefined) return <OpenPage title="This link is not whole">Open the link in the mail again, or copy all of it.</OpenPage>;
  return (
    <OpenPage title="You are invited" below={<Link to="/login">You have an account? Log in</Link>}>
      <p className="muted">Say what you are called and choose a password. If you have one here already, leave both empty and accept.</p>
      <form onSubmit={submitting(() => accept.mutate())}>
        <ProblemNote error={accept.error} />
        <TextInput label="Your name" autoComplete="name" autoFocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={fieldError(accept.error, 'user_name')} />
        <PasswordInput label="Password" description="8 characters or more; a sentence is good" autoComplete="new-password" value={password} onChange={(event) => setPassword(event.currentTarget.value)} error={fieldError(accept.error, 'password')} />
        <Button type="submit" loading={accept.isPending}>
          Accept the invitation
        </Button>
      </form>
    </OpenPage>
  );
}
