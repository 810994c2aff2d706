import { Menu, useMantineColorScheme } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { session } from '../api/session.js';
import type { StaffUser } from '../api/types.js';
import { Face } from '../components/face.js';
import { Icon } from '../components/icon.js';
import { toast } from '../components/toasts.js';
import classes from './shell.module.css';

export function PersonMenu({ user }: { user: StaffUser | undefined }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = user?.user_name ?? user?.user_email ?? '…';
  const schemes = [
    ['light', 'Light', 'sun'],
    ['dark', 'Dark', 'moon'],
    ['auto', 'As the system', 'monitor'],
  ] as const;
  return (
    <Menu position="top-start" width={220} withinPortal={false} shadow="md">
      <Menu.Target>
        <button type="button" className={classes.person}>
          <Face size={32} color="brand" name={name} />
          <span className={classes.personText}>
            <span>{name}</span>
            <span>{user?.user_email}</span>
          </span>
          <span className="visually-hidden">, your account and settings</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/account" leftSection={<Icon name="user" size={16} />}>
          Your account
        </Menu.Item>
        <Menu.Item component="a" href="/docs" target="_blank" leftSection={<Icon name="book" size={16} />}>
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {schemes.map(([value, label, icon]) => (
          <Menu.Item key={value} leftSection={<Icon name={icon} size={16} />} rightSection={colorScheme === value ? <Icon name="check" size={16} /> : undefined} onClick={() => setColorScheme(value)} role="menuitemradio" aria-checked={colorScheme === value}>
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="log-out" size={16} />} onClick={() => void session.logOut().catch(toast.failed)}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
