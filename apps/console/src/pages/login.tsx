import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { session, type NextStep } from '../api/session.js';
import { useSession } from '../api/use-session.js';
import { Icon } from '../components/icon.js';
import { OpenPage } from '../components/open-page.js';
import openPage from '../components/open-page.module.css';
import { fieldError, ProblemNote } from '../components/problem-note.js';
import { submitting } from '../components/submitting.js';
import { useAddress } from '../shell/address.js';
import { beginSingleSignOn, endSingleSignOn, keepNext } from '../shell/entrance.js';

const organisationKey = 'rollcall.sso-organisation';

const notLetIn = 'Your organisation’s login did not let you in.';
/** By what a single sign-on that failed says of it in the address. In words of our own: a link may hold anything. */
const refusals: Readonly<Record<string, string>> = {
  'sso-attempt-unknown': 'This login was not begun in this browser, was completed before, or took longer than ten minutes: begin again.',
  'sso-email-unverified': 'Your organisation’s login does not tell us an e-mail address that it has verified.',
  'sso-domain-forbidden': 'Your e-mail address is of none of the organisation’s domains.',
  'sso-not-invited': 'The organisation has not invited you, or has deactivated you.',
  'sso-provider-refused': 'Your organisation’s login can’t be reached, or is not set up as it has to be. Ask its administrators.',
  'user-inactive': 'You are deactivated.',
};

export function LoginPage() {
  const [search] = useAddress<'next' | 'code' | 'state' | 'error'>();
  const current = useSession();
  const [step, setStep] = useState<NextStep>();
  const [withOrganisation, setWithOrganisation] = useState(false);
  if (current.kind === 'in') return null; // on the way to where they wanted to go
  if (search.code !== undefined) return <Redeem code={search.code} state={search.state} />;
  if (step !== undefined) return <NewPassword step={step} startAgain={() => setStep(undefined)} />;
  if (withOrganisation) return <SingleSignOn next={search.next} back={() => setWithOrganisation(false)} />;
  return (
    <OpenPage title="Log in" below={<>You need an invitation to get an account.</>}>
      {search.error !== undefined && <ProblemNote error={new Error(Object.hasOwn(refusals, search.error) ? refusals[search.error] : notLetIn)} />}
      <Password onStep={setStep} />
      <div className={openPage.or}>or</div>
      <Button variant="default" leftSection={<Icon name="building" size={17} />} onClick={() => setWithOrganisation(true)}>
        Log in with your organisation
      </Button>
    </OpenPage>
  );
}

function Password({ onStep }: { onStep: (step: NextStep) => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const logIn = useMutation({
    mutationFn: () => session.logIn(email.trim(), password),
    onSuccess: (step) => step !== undefined && onStep(step),
    onError: () => field.current?.select(),
  });
  return (
    <form onSubmit={submitting(() => logIn.mutate())}>
      <ProblemNote error={logIn.error} />
      <TextInput label="Email" type="email" autoComplete="username" required autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} withAsterisk={false} />
      <PasswordInput ref={field} label="Password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} withAsterisk={false} visibilityToggleButtonProps={{ 'aria-label': 'Show the password', 'aria-hidden': undefined, tabIndex: 0 } as never} />
      <Button type="submit" loading={logIn.isPending}>
        Log in
      </Button>
      <Link to="/forgot-password">Forgot your password?</Link>
    </form>
  );
}

/** After a password that an administrator gave. */
function NewPassword({ step, startAgain }: { step: NextStep; startAgain: () => void }) {
  const [password, setPassword] = useState('');
  const choose = useMutation({ mutationFn: () => session.chooseNewPassword(step.step_token, password) });
  return (
    <OpenPage title="Choose a new password" below={<Button variant="subtle" size="compact-sm" onClick={startAgain}>Log in as somebody else</Button>}>
      <p className="muted">Yours was set by an administrator. Choose one that nobody else knows, and you are in.</p>
      <form onSubmit={submitting(() => choose.mutate())}>
        <ProblemNote error={choose.error} />
        <PasswordInput label="New password" description="8 characters or more" autoComplete="new-password" required autoFocus value={password} onChange={(event) => setPassword(event.currentTarget.value)} error={fieldError(choose.error, 'password')} withAsterisk={false} />
        <Button type="submit" loading={choose.isPending}>
          Set the password and log in
        </Button>
      </form>
    </OpenPage>
  );
}

function SingleSignOn({ next, back }: { next: string | undefined; back: () => void }) {
  const [organisation, setOrganisation] = useState(localStorage.getItem(organisationKey) ?? '');
  const [error, setError] = useState<Error>();
  const [isChecking, setIsChecking] = useState(false);
  const start = async () => {
    setIsChecking(true);
    setError(undefined);
    const name = organisation.trim().toLowerCase();
    const address = `/v1/auth/sso/${encodeURIComponent(name)}/start?return_to=${encodeURIComponent(`${location.origin}/console/login`)}`;
    // Asked first without following it, so that a mistake is said here and not on a bare page.
    const answer = await fetch(address, { redirect: 'manual' }).catch(() => undefined);
    setIsChecking(false);
    if (answer?.type !== 'opaqueredirect') {
      const said = (await answer?.json().catch(() => undefined)) as { detail?: string } | undefined;
      return setError(new Error(answer?.status === 404 ? 'No organisation of this name logs in that way.' : (said?.detail ?? 'Your organisation’s login is out of reach.')));
    }
    localStorage.setItem(organisationKey, name);
    keepNext(next);
    location.assign(`${address}&state=${beginSingleSignOn()}`);
  };
  return (
    <OpenPage title="Log in with your organisation" below={<Button variant="subtle" size="compact-sm" onClick={back}>Log in with a password</Button>}>
      <form onSubmit={submitting(() => void start())}>
        <ProblemNote error={error} />
        <TextInput label="Short name of your organisation" description="As in the addresses that it gave you" required autoFocus autoCapitalize="none" autoComplete="organization" value={organisation} onChange={(event) => setOrganisation(event.currentTarget.value)} withAsterisk={false} />
        <Button type="submit" loading={isChecking}>
          Go on
        </Button>
      </form>
    </OpenPage>
  );
}

function Redeem({ code, state }: { code: string; state: string | undefined }) {
  const redeem = useMutation({
    mutationFn: async () => {
      // A link with somebody else's code would have whoever follows it work as them.
      if (!endSingleSignOn(state)) throw new Error('This login was not begun in this tab.');
      await session.redeem(code);
    },
  });
  const { mutate } = redeem;
  const isAsked = useRef(false);
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true; // a code counts once
    mutate();
  }, [mutate]);
  return (
    <OpenPage title="Logging in">
      {redeem.isError ? <ProblemNote error={redeem.error} /> : <p role="status">One moment …</p>}
      {redeem.isError && <Link to="/login">Start again</Link>}
    </OpenPage>
  );
}
