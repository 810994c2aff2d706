import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../components/form-dialog.js';
import { fieldError } from '../../components/problem-note.js';

interface Props {
  title: string;
  name: string;
  /** Absent: what has none. */
  slug?: string;
  onClose: () => void;
  save: (changes: { name: string; slug?: string }) => Promise<unknown>;
}

/** Another name, and another short name. */
export function Rename({ title, name: nameNow, slug: slugNow, onClose, save }: Props) {
  const [name, setName] = useState(nameNow);
  const [slug, setSlug] = useState(slugNow);
  const run = useMutation({ mutationFn: () => save({ name: name.trim(), ...(slug === slugNow ? {} : { slug }) }), onSuccess: onClose });
  return (
    <FormDialog title={title} onClose={onClose} error={run.error} isPending={run.isPending} isReady={name.trim() !== '' && slug !== ''} submit={() => run.mutate()}>
      <TextInput label="Name" required withAsterisk={false} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={fieldError(run.error, 'name')} />
      {slug !== undefined && <TextInput label="Short name" description="What goes by the old one, such as logins by single sign-on, no longer finds it" required withAsterisk={false} value={slug} onChange={(event) => setSlug(event.currentTarget.value)} error={fieldError(run.error, 'slug')} />}
    </FormDialog>
  );
}
