import { Avatar, type AvatarProps } from '@mantine/core';

const characters = new Intl.Segmenter();

/** The initials of a name, on a colour that is always the same for it. By characters as people see them: of an emoji, the library's own show half. */
export function Face({ name, ...more }: Pick<AvatarProps, 'size' | 'color'> & { name: string }) {
  return (
    <Avatar radius="xl" color="initials" name={name} aria-hidden="true" {...more}>
      {initialsOf(name)}
    </Avatar>
  );
}

function initialsOf(name: string): string {
  const [first = '', ...others] = name.split(/\s+/).filter((word) => word !== '');
  return [first, others.at(-1) ?? ''].map((word) => [...characters.segment(word)][0]?.segment ?? '').join('').toUpperCase();
}
