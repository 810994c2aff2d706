import { Modal } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';

/** What had the focus last outside of dialogs and menus: what opens a dialog from a menu is gone together with it. */
let outside: HTMLElement | undefined;
document.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement && target.closest('[role="dialog"], [role="menu"]') === null) outside = target;
});

interface Props {
  opened?: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** For what is shown once. */
  closeOnClickOutside?: boolean;
}

/** Something above the page. When it closes, the focus is back where it came from, or at the page's beginning where that is gone. */
export function Dialog({ opened = true, onClose, title, children, closeOnClickOutside = true }: Props) {
  const isOpen = useRef(false);
  useEffect(() => {
    if (!opened) return undefined;
    const opener = outside;
    isOpen.current = true;
    return () => {
      isOpen.current = false;
      setTimeout(() => {
        const now = document.activeElement;
        if (isOpen.current || (now !== null && now !== document.body && now.closest('[role="dialog"], [role="menu"]') === null)) return;
        (opener?.isConnected === true ? opener : document.getElementById('main'))?.focus({ preventScroll: true });
      });
    };
  }, [opened]);
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={closeOnClickOutside} returnFocus={false} centered>
      {children}
    </Modal>
  );
}
