import { ActionIcon, Badge, Button, Popover, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Condition } from '../../api/users.js';
import { Icon } from '../../components/icon.js';
import { submitting } from '../../components/submitting.js';
import classes from './users.module.css';

const fields = [
  { value: 'email', label: 'Email' },
  { value: 'firstName', label: 'First name' },
  { value: 'lastName', label: 'Last name' },
  { value: 'username', label: 'User name' },
  { value: 'mobilePhone', label: 'Phone' },
  { value: 'createdAt', label: 'Created' },
  { value: 'attributes', label: 'Attribute …' },
];
const operators = [
  { value: 'eq', label: 'is' },
  { value: 'neq', label: 'is not' },
  { value: 'contains', label: 'contains' },
  { value: 'starts', label: 'begins with' },
  { value: 'ends', label: 'ends with' },
  { value: 'any', label: 'is one of' },
  { value: 'gt', label: 'is above' },
  { value: 'gte', label: 'is at least' },
  { value: 'lt', label: 'is below' },
  { value: 'lte', label: 'is at most' },
];
const labelOf = (list: { value: string; label: string }[], value: string) => list.find((each) => each.value === value)?.label ?? value;

/** Conditions beside the search, one after the other. */
export function UserFilters({ conditions, onChange }: { conditions: readonly Condition[]; onChange: (conditions: Condition[]) => void }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus width={320}>
        <Popover.Target>
          <Button variant="default" leftSection={<Icon name="filter" size={16} />} onClick={() => setOpened((now) => !now)}>
            Add a filter
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <NewCondition
            add={(condition) => {
              onChange([...conditions.filter(({ field, operator }) => field !== condition.field || operator !== condition.operator), condition]);
              setOpened(false);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {conditions.length > 0 && (
        <ul className={classes.conditions} aria-label="Filters">
          {conditions.map((condition) => (
            <li key={`${condition.field} ${condition.operator}`}>
              <Badge
                variant="light"
                size="lg"
                tt="none"
                rightSection={
                  <ActionIcon size="xs" variant="transparent" color="gray" aria-label={`Remove the filter on ${condition.field}`} onClick={() => onChange(conditions.filter((each) => each !== condition))}>
                    <Icon name="x" size={13} />
                  </ActionIcon>
                }
              >
                {labelOf(fields, condition.field).replace(/^attributes\./, '')} {labelOf(operators, condition.operator)} <strong>{condition.value}</strong>
              </Badge>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function NewCondition({ add }: { add: (condition: Condition) => void }) {
  const [field, setField] = useState('attributes');
  const [attribute, setAttribute] = useState('');
  const [operator, setOperator] = useState('eq');
  const [value, setValue] = useState('');
  const submit = () => add({ field: field === 'attributes' ? `attributes.${attribute.trim()}` : field, operator, value });
  return (
    <form className={classes.newFilter} onSubmit={submitting(submit)}>
      <Select label="Field" data={fields} value={field} onChange={(next) => setField(next ?? 'attributes')} allowDeselect={false} comboboxProps={{ withinPortal: false }} />
      {field === 'attributes' && <TextInput label="Name of the attribute" placeholder="plan" required withAsterisk={false} value={attribute} onChange={(event) => setAttribute(event.currentTarget.value)} />}
      <Select label="Condition" data={operators} value={operator} onChange={(next) => setOperator(next ?? 'eq')} allowDeselect={false} comboboxProps={{ withinPortal: false }} />
      <TextInput label="Value" placeholder={operator === 'any' ? 'pro, team' : field === 'createdAt' ? '2026-01-31' : ''} required withAsterisk={false} value={value} onChange={(event) => setValue(event.currentTarget.value)} />
      <Button type="submit">Add the filter</Button>
    </form>
  );
}
