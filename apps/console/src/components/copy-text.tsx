import { ActionIcon } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import classes from './copy-text.module.css';
import { Icon } from './icon.js';

/** Something that people take elsewhere: an id, a key. */
export function CopyText({ text, shown = text }: { text: string; shown?: string }) {
  const [copied, setCopied] = useState(false);
  const code = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  // Over plain HTTP from another host pages can't write to the clipboard; the text is selected there, for whoever looks to copy it.
  const copy = () => {
    if ('clipboard' in navigator) navigator.clipboard.writeText(text).then(() => setCopied(true), select);
    else select();
  };
  const select = () => getSelection()?.selectAllChildren(code.current as HTMLElement);
  return (
    <span className={classes.copy}>
      <code ref={code}>{shown}</code>
      <ActionIcon size="sm" variant="subtle" color={copied ? 'green' : 'gray'} onClick={copy} aria-label={copied ? 'Copied' : `Copy ${shown}`}>
        <Icon name={copied ? 'check' : 'copy'} size={14} />
      </ActionIcon>
    </span>
  );
}
