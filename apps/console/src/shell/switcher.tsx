import { Combobox, useCombobox } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Icon } from '../components/icon.js';
import { useScope } from './scope.js';
import classes from './shell.module.css';

/** From one project or organisation to another. */
export function Switcher() {
  const { project, organisation, projects, organisations } = useScope();
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.focusTarget();
      setSearch('');
    },
  });
  if (projects.length === 0 && organisations.length === 0) return null;
  const fits = (name: string) => name.toLowerCase().includes(search.trim().toLowerCase());
  const groups = organisations
    .map((org) => ({ org, found: projects.filter(({ org_id, name, slug }) => org_id === org.org_id && (fits(name) || fits(slug) || fits(org.name))) }))
    .filter(({ org, found }) => found.length > 0 || fits(org.name));
  // Somebody of a project alone sees no organisation.
  const loose = projects.filter(({ org_id, name }) => !organisations.some((org) => org.org_id === org_id) && fits(name));
  const go = (value: string) => {
    combobox.closeDropdown();
    const [kind, id = ''] = value.split(':');
    void (kind === 'org' ? navigate({ to: '/orgs/$orgId', params: { orgId: id } }) : navigate({ to: '/projects/$projectId', params: { projectId: id } }));
  };
  const name = project?.name ?? organisation?.name ?? 'Choose a project';
  return (
    <Combobox store={combobox} onOptionSubmit={go} withinPortal={false} position="bottom-start" width="target" shadow="md">
      <Combobox.Target>
        <button type="button" className={classes.switch} onClick={() => combobox.toggleDropdown()}>
          <span className={classes.switchMark} aria-hidden="true">
            {name.slice(0, 2).toUpperCase()}
          </span>
          <span className={classes.switchText}>
            <span>{name}</span>
            <span>{project === undefined ? 'Organisation' : (organisation?.name ?? 'Project')}</span>
          </span>
          <span className="visually-hidden">, switch to another</span>
          <Icon name="chevron-down" size={16} />
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search value={search} onChange={(event) => setSearch(event.currentTarget.value)} placeholder="Find a project" aria-label="Find a project" />
        <Combobox.Options className={classes.options} aria-label="Projects and organisations">
          {groups.map(({ org, found }) => (
            <Combobox.Group key={org.org_id} label={org.name}>
              {found.map(({ project_id, name: label }) => (
                <Combobox.Option key={project_id} value={`project:${project_id}`} active={project_id === project?.project_id}>
                  {label}
                </Combobox.Option>
              ))}
              <Combobox.Option value={`org:${org.org_id}`}>
                <span className="muted">The organisation itself</span>
              </Combobox.Option>
            </Combobox.Group>
          ))}
          {loose.map(({ project_id, name: label }) => (
            <Combobox.Option key={project_id} value={`project:${project_id}`}>
              {label}
            </Combobox.Option>
          ))}
          {groups.length === 0 && loose.length === 0 && <Combobox.Empty>Nothing is called that</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
