import { ActionIcon, CopyButton } from '@mantine/core';
import classes from './copy-text.module.css';
import { Icon } from './icon.js';

/** Something that people take elsewhere: an id, a key. */
export function CopyText({ text, shown = text }: { text: string; shown?: string }) {
  return (
    <span className={classes.copy}>
      <code>{shown}</code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <ActionIcon size="sm" variant="subtle" color={copied ? 'green' : 'gray'} onClick={copy} aria-label={copied ? 'Copied' : `Copy ${shown}`}>
            <Icon name={copied ? 'check' : 'copy'} size={14} />
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  );
}
