import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { postOpenly } from '../api/http.js';
import { OpenPage } from '../components/open-page.js';
import { ProblemNote } from '../components/problem-note.js';
import { submitting } from '../components/submitting.js';

export function ForgotPasswordPage() {
  const [email, setEmail] = useState('');
  const ask = useMutation({ mutationFn: () => postOpenly('/v1/auth/password/forgot', { email: email.trim() }) });
  const back = <Link to="/login">Back to the login</Link>;
  if (ask.isSuccess) {
    return (
      <OpenPage title="Look into your mail" below={back}>
        <p role="status">
          If <strong>{email}</strong> has an account, a link to set a new password is on its way. It works for half an hour.
        </p>
        <p className="muted">Nothing came? Look among the unwanted mail, and at how you spelt the address.</p>
      </OpenPage>
    );
  }
  return (
    <OpenPage title="Forgot your password" below={back}>
      <p className="muted">We mail you a link to set a new one.</p>
      <form onSubmit={submitting(() => ask.mutate())}>
        <ProblemNote error={ask.error} />
        <TextInput label="Email" type="email" autoComplete="username" required autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} withAsterisk={false} />
        <Button type="submit" loading={ask.isPending}>
          Mail me a link
        </Button>
      </form>
    </OpenPage>
  );
}
