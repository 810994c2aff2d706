import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/http.js';
import { cursorList } from '../../api/queries.js';
import type { NewSdkKey, SdkKey } from '../../api/types.js';
import { Confirm } from '../../components/confirm.js';
import { CopyText } from '../../components/copy-text.js';
import { Empty } from '../../components/empty.js';
import { FormDialog } from '../../components/form-dialog.js';
import { Icon } from '../../components/icon.js';
import { Panel } from '../../components/page.js';
import { fieldError } from '../../components/problem-note.js';
import { CursorTable } from '../../components/table.js';
import { Time } from '../../components/time.js';
import { toast } from '../../components/toasts.js';

const algorithms = [
  { value: 'EdDSA', label: 'EdDSA (Ed25519)' },
  { value: 'ES256', label: 'ES256 (P-256)' },
  { value: 'RS256', label: 'RS256 (RSA)' },
];

/** Public keys of the application, which signs tokens for its end users with the private ones. */
export function SdkKeyPanel({ projectId }: { projectId: string }) {
  const queries = useQueryClient();
  const path = `/v1/admin/projects/${projectId}/sdk-keys`;
  const list = useInfiniteQuery(cursorList<SdkKey>(path, 'sdk_keys'));
  const [edited, setEdited] = useState<SdkKey | 'new'>();
  const [removed, setRemoved] = useState<SdkKey>();
  const refresh = () => queries.invalidateQueries({ queryKey: [path] });
  return (
    <Panel
      flush
      title="SDK keys"
      about="For end users’ own devices: your backend signs a token for whoever is logged in to your app, and registers here what it is verified with. The private key stays with you."
      actions={
        <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => setEdited('new')}>
          New SDK key
        </Button>
      }
    >
      <CursorTable
        label="SDK keys"
        list={list}
        idOf={({ sdk_key_id }) => sdk_key_id}
        empty={
          <Empty icon="key" title="None yet">
            <p>Make a pair of keys, and paste the public one:</p>
            <pre>{'openssl genpkey -algorithm ed25519 -out sdk-key.pem\nopenssl pkey -in sdk-key.pem -pubout'}</pre>
          </Empty>
        }
        columns={[
          { title: 'Name', role: 'main', cell: ({ name }) => <strong>{name}</strong> },
          { title: 'iss of its tokens', cell: ({ sdk_key_id }) => <CopyText text={sdk_key_id} /> },
          { title: 'Signs by', cell: ({ algorithm }) => algorithm },
          { title: 'Claims kept', cell: ({ claims }) => (Object.keys(claims).length === 0 ? <span className="muted">None</span> : <code data-wraps>{textOf(claims)}</code>) },
          { title: 'Changed', cell: ({ updated_at }) => <Time at={updated_at} /> },
          {
            title: 'Actions',
            role: 'actions',
            cell: (key) => (
              <>
                <Button size="compact-xs" variant="subtle" onClick={() => setEdited(key)} aria-label={`Replace ${key.name}`}>
                  Replace
                </Button>
                <Button size="compact-xs" variant="subtle" color="red" onClick={() => setRemoved(key)} aria-label={`Remove ${key.name}`}>
                  Remove
                </Button>
              </>
            ),
          },
        ]}
      />
      {edited !== undefined && <EditKey path={path} sdkKey={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} done={refresh} />}
      <Confirm
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={`Remove ${removed?.name ?? ''}?`}
        label="Remove the key"
        act={async () => {
          await api.delete(`${path}/${removed?.sdk_key_id ?? ''}`);
          await refresh();
          toast.done('Its tokens are refused from now on.');
        }}
      >
        <p>Every token that it signed is refused within a second: your app’s end users need tokens of another key.</p>
      </Confirm>
    </Panel>
  );
}

function EditKey({ path, sdkKey, onClose, done }: { path: string; sdkKey: SdkKey | undefined; onClose: () => void; done: () => Promise<void> }) {
  const [name, setName] = useState(sdkKey?.name ?? '');
  const [publicKey, setPublicKey] = useState('');
  const [algorithm, setAlgorithm] = useState<string>(sdkKey?.algorithm ?? 'EdDSA');
  const [claims, setClaims] = useState(sdkKey === undefined ? '' : textOf(sdkKey.claims));
  const save = useMutation({
    mutationFn: () => {
      const body: NewSdkKey = { name: name.trim(), public_key: keyOf(publicKey.trim()), algorithm: algorithm as NewSdkKey['algorithm'], claims: claimsOf(claims) };
      return api.put<SdkKey>(path, { body });
    },
    onSuccess: async () => {
      await done();
      toast.done('The key is registered; its id is the iss of its tokens.');
      onClose();
    },
  });
  return (
    <FormDialog title={sdkKey === undefined ? 'New SDK key' : `Replace ${sdkKey.name}`} onClose={onClose} error={save.error} isPending={save.isPending} isReady={name.trim() !== '' && publicKey.trim() !== ''} label="Register it" submit={() => save.mutate()}>
      <TextInput label="Name" description="Of the app or the service that signs" required withAsterisk={false} data-autofocus disabled={sdkKey !== undefined} value={name} onChange={(event) => setName(event.currentTarget.value)} error={fieldError(save.error, 'name')} />
      <Textarea label="Public key" description="As PEM text or as a JWK. Never the private one: it is refused" required withAsterisk={false} autosize minRows={3} maxRows={10} className="mono" placeholder="-----BEGIN PUBLIC KEY-----" value={publicKey} onChange={(event) => setPublicKey(event.currentTarget.value)} error={fieldError(save.error, 'public_key')} />
      <Select label="Signs by" data={algorithms} value={algorithm} onChange={(next) => setAlgorithm(next ?? algorithm)} allowDeselect={false} comboboxProps={{ withinPortal: false }} error={fieldError(save.error, 'algorithm')} />
      <TextInput label="Claims to keep" description="Claim = field of the profile, with commas between them" placeholder="city = city, ph = phone" value={claims} onChange={(event) => setClaims(event.currentTarget.value)} error={fieldError(save.error, 'claims')} />
    </FormDialog>
  );
}

/** A JWK is an object, PEM a text; what is neither is for the API to refuse. */
function keyOf(text: string): NewSdkKey['public_key'] {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return text;
  }
}

function claimsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const [claim = '', field = claim] = pair.split('=').map((part) => part.trim());
      return claim === '' ? [] : [[claim, field]];
    }),
  );
}

const textOf = (claims: Record<string, string>) => Object.entries(claims).map(([claim, field]) => `${claim} = ${field}`).join(', ');
