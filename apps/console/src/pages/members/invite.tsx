import { Button, Select, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/http.js';
import { messageOf } from '../../api/problem.js';
import { projectRoles } from '../../api/queries.js';
import confirm from '../../components/confirm.module.css';
import { Dialog } from '../../components/dialog.js';
import { ProblemNote } from '../../components/problem-note.js';
import { submitting } from '../../components/submitting.js';
import { toast } from '../../components/toasts.js';
import { placeQuery, rolesAt, type MembersPlace } from './place.js';

/** One or many people at once, by mail. */
export function InviteButton({ place }: { place: MembersPlace }) {
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [addresses, setAddresses] = useState('');
  const { data: ownRoles = [] } = useQuery({ ...projectRoles(place.id), enabled: place.level === 'project' });
  const roles = [...rolesAt[place.level], ...ownRoles.filter(({ isBuiltIn }) => !isBuiltIn).map(({ id }) => ({ value: id, label: id, about: 'a role of this project' }))];
  const [role, setRole] = useState(roles[0]?.value ?? '');
  const emails = [...new Set(addresses.split(/[\s,;]+/).map((each) => each.trim()).filter((each) => each !== ''))];
  const invite = useMutation({
    mutationFn: async () => {
      const refused = new Map<string, string>();
      for (const email of emails) {
        await api.post('/v1/admin/users/invite', { body: { user_email: email, role, ...placeQuery(place) } }).catch((error: unknown) => {
          if (emails.length === 1) throw error;
          refused.set(email, messageOf(error));
        });
      }
      await queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => typeof path === 'string' && /\/(members|invitations)$/.test(path) });
      if (refused.size === 0) return;
      // The others are invited: sent once more, this is about those who are not.
      setAddresses([...refused.keys()].join('\n'));
      throw new Error(`Not invited: ${[...refused].map(([email, why]) => `${email}: ${why}`).join(' ')}`);
    },
    onSuccess: () => {
      toast.done(emails.length === 1 ? `${emails[0]} is invited; the mail is on its way.` : `${emails.length} people are invited; their mails are on the way.`);
      setAddresses('');
      close();
    },
  });
  const close = () => {
    invite.reset();
    setOpened(false);
  };
  return (
    <>
      <Button onClick={() => setOpened(true)}>Invite people</Button>
      <Dialog opened={opened} onClose={close} title={`Invite people to ${place.name}`}>
        <form className={confirm.form} onSubmit={submitting(() => invite.mutate())}>
          <ProblemNote error={invite.error} />
          <Textarea label="Email addresses" description="One or several, with spaces or commas between them" required withAsterisk={false} autosize minRows={2} maxRows={8} data-autofocus value={addresses} onChange={(event) => setAddresses(event.currentTarget.value)} />
          <Select label="Role" data={roles.map(({ value, label, about }) => ({ value, label: `${label}: ${about}` }))} value={role} onChange={(next) => setRole(next ?? role)} allowDeselect={false} comboboxProps={{ withinPortal: false }} />
          <div className={confirm.buttons}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={invite.isPending} disabled={emails.length === 0}>
              {emails.length > 1 ? `Invite ${emails.length} people` : 'Invite'}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
