import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { Icon } from './icon.js';

interface Props {
  label: string;
  placeholder: string;
  value: string;
  onChange: (text: string) => void;
  className?: string | undefined;
}

/** Searches as one types: told a moment after the last key. */
export function SearchField({ label, placeholder, value, onChange, className }: Props) {
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback((next: string) => onChange(next.trim()), 120);
  useEffect(() => {
    setText((now) => (now.trim() === value ? now : value));
  }, [value]);
  const set = (next: string) => {
    setText(next);
    tell(next);
  };
  return (
    <TextInput
      className={className}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<Icon name="search" size={16} />}
      rightSection={text === '' ? undefined : <CloseButton size="sm" onClick={() => set('')} aria-label="Clear the search" />}
      value={text}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}
