import { Alert, Button, Checkbox, PasswordInput, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/http.js';
import type { SsoConnection, SsoConnections, SsoTest } from '../api/types.js';
import { Confirm } from '../components/confirm.js';
import { CopyText } from '../components/copy-text.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { fieldError, ProblemNote } from '../components/problem-note.js';
import { submitting } from '../components/submitting.js';
import { toast } from '../components/toasts.js';
import { useId } from '../shell/address.js';
import { useScope } from '../shell/scope.js';
import classes from './sso.module.css';

const consoleLogin = `${location.origin}/console/login`;

/** How people of the organisation log in at their own provider. */
export function SsoPage() {
  const orgId = useId('orgId');
  const path = `/v1/admin/orgs/${orgId}/sso`;
  const found = useQuery({
    queryKey: [path],
    queryFn: async ({ signal }) => (await api.get<SsoConnections>(`/v1/admin/orgs/${orgId}/sso-connections`, { signal })).sso_connections[0] ?? null,
  });
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  return <Editor path={path} connection={found.data} />;
}

function Editor({ path, connection }: { path: string; connection: SsoConnection | null }) {
  const queries = useQueryClient();
  const { organisation } = useScope();
  // What was typed and is not saved yet; all else is as it was loaded last.
  const [typed, setTyped] = useState<Partial<SsoConnection>>({});
  const form: SsoConnection = { ...(connection ?? { issuer: '', client_id: '', email_domains: [], auto_join: false, trust_email: false, return_urls: [consoleLogin] }), ...typed };
  const [secret, setSecret] = useState('');
  const [removes, setRemoves] = useState(false);
  const set = (changes: Partial<SsoConnection>) => setTyped((now) => ({ ...now, ...changes }));
  const save = useMutation({
    mutationFn: () => api.put(path, { body: { ...pick(form), ...(secret === '' ? {} : { client_secret: secret }) } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [path] });
      setTyped({});
      setSecret('');
      toast.done('The single sign-on is saved; the provider’s description was read.');
    },
  });
  const test = useMutation({ mutationFn: () => api.post<SsoTest>(`${path}/test`) });
  const callback = `${location.origin}/v1/auth/sso/${organisation?.slug ?? '…'}/callback`;
  return (
    <div>
      <PageHead title="Single sign-on" about="People of the organisation log in at your own OpenID provider, such as Entra ID, Okta or Keycloak." />
      <Panel title="At the provider" about="Register Rollcall there as a confidential client (authorisation code with PKCE), with this address to come back to:">
        <CopyText text={callback} />
      </Panel>
      <Panel title="Here">
        <form className={classes.form} onSubmit={submitting(() => save.mutate())}>
          <ProblemNote error={save.error} />
          <TextInput label="Issuer" description="The provider’s address; its description is read from there. A super administrator changes it." placeholder="https://login.example.com" required withAsterisk={false} value={form.issuer} onChange={(event) => set({ issuer: event.currentTarget.value })} error={fieldError(save.error, 'issuer')} />
          <TextInput label="Client id" required withAsterisk={false} value={form.client_id} onChange={(event) => set({ client_id: event.currentTarget.value })} error={fieldError(save.error, 'client_id')} />
          <PasswordInput label="Client secret" description={connection === null ? 'Kept encrypted, and shown to nobody' : 'Leave it empty to keep the one there is'} autoComplete="off" required={connection === null} withAsterisk={false} value={secret} onChange={(event) => setSecret(event.currentTarget.value)} error={fieldError(save.error, 'client_secret')} />
          <TagsInput label="Email domains" description="Only people with addresses of these come in. A super administrator adds new ones." placeholder="example.com" value={form.email_domains} onChange={(domains) => set({ email_domains: domains })} error={fieldError(save.error, 'email_domains')} comboboxProps={{ withinPortal: false }} />
          <TagsInput label="Pages to come back to" description="This console’s login, and pages of your own" value={form.return_urls} onChange={(urls) => set({ return_urls: urls })} error={fieldError(save.error, 'return_urls')} comboboxProps={{ withinPortal: false }} />
          <Checkbox label="Whoever comes in becomes a member, without an invitation" checked={form.auto_join} onChange={(event) => set({ auto_join: event.currentTarget.checked })} />
          <Checkbox label="Trust the provider’s addresses though it does not say that it verified them (a super administrator turns this on)" checked={form.trust_email} onChange={(event) => set({ trust_email: event.currentTarget.checked })} />
          <div className={classes.buttons}>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
            {connection !== null && (
              <>
                <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
                  Test the connection
                </Button>
                <Button variant="subtle" color="red" onClick={() => setRemoves(true)}>
                  Take it away
                </Button>
              </>
            )}
          </div>
          <div aria-live="polite">
            {test.isSuccess && (
              <Alert color="green" variant="light" icon={<Icon name="check" />}>
                The provider answers as <strong>{test.data.issuer}</strong>. Logins go to {new URL(test.data.authorization_endpoint).host}.
              </Alert>
            )}
            <ProblemNote error={test.error} />
          </div>
        </form>
      </Panel>
      <Confirm
        opened={removes}
        onClose={() => setRemoves(false)}
        title="Take the single sign-on away?"
        label="Take it away"
        act={async () => {
          await api.delete(path);
          await queries.invalidateQueries({ queryKey: [path] });
          setTyped({});
          setSecret('');
          toast.done('People log in with passwords from now on.');
        }}
      >
        <p>Nobody logs in at the provider any more. Sessions that began by it go on; whoever has no password sets one by “Forgot your password?”.</p>
      </Confirm>
    </div>
  );
}

function pick({ issuer, client_id, email_domains, auto_join, trust_email, return_urls }: SsoConnection): SsoConnection {
  return { issuer: issuer.trim(), client_id: client_id.trim(), email_domains, auto_join, trust_email, return_urls };
}
