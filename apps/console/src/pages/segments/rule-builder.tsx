import { ActionIcon, Autocomplete, Button, NumberInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useId as useDomId } from 'react';
import { Icon } from '../../components/icon.js';
import { countOperators, fieldOperators, fromRule, isComplete, needsNoValue, standardFields, toRule, type Condition, type RuleModel } from './rule-model.js';
import classes from './segments.module.css';

/** The rule as rows, or as the text of its JSON where rows can't say it. */
export type Draft = { kind: 'rows'; model: RuleModel } | { kind: 'json'; text: string };

export function draftOf(rule: unknown): Draft {
  const model = fromRule(rule);
  // A text of no length says something, which an empty row does not.
  return model === undefined || !isComplete(model) ? { kind: 'json', text: JSON.stringify(rule, null, 2) } : { kind: 'rows', model };
}

/** @returns undefined where it is no JSON */
export function ruleOf(draft: Draft): unknown {
  if (draft.kind === 'rows') return toRule(draft.model);
  try {
    return JSON.parse(draft.text) as unknown;
  } catch {
    return undefined;
  }
}

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** Names that conditions can choose among. */
  attributes: readonly string[];
  events: readonly string[];
}

export function RuleBuilder({ draft, onChange, attributes, events }: Props) {
  const rows = draft.kind === 'rows' ? draft.model : fromRule(ruleOf(draft));
  const change = (model: RuleModel) => onChange({ kind: 'rows', model });
  return (
    <div className={classes.builder}>
      <SegmentedControl
        size="xs"
        aria-label="How to write the rule"
        value={draft.kind}
        onChange={(kind) => {
          if (kind === 'json') onChange({ kind: 'json', text: JSON.stringify(ruleOf(draft) ?? {}, null, 2) });
          else if (rows !== undefined) change(rows);
        }}
        data={[
          { value: 'rows', label: 'Conditions', disabled: rows === undefined },
          { value: 'json', label: 'JSON' },
        ]}
      />
      {draft.kind === 'json' ? (
        <Textarea
          label="Rule"
          description="As the API takes it: fields, attributes.…, events, with $and, $or, $not and operators such as $gte"
          autosize
          minRows={6}
          maxRows={24}
          spellCheck={false}
          classNames={{ input: classes.json }}
          value={draft.text}
          onChange={(event) => onChange({ kind: 'json', text: event.currentTarget.value })}
          error={ruleOf(draft) === undefined ? 'This is not JSON yet' : undefined}
        />
      ) : (
        <Rows model={draft.model} onChange={change} attributes={attributes} events={events} />
      )}
    </div>
  );
}

function Rows({ model, onChange, attributes, events }: { model: RuleModel; onChange: (model: RuleModel) => void } & Pick<Props, 'attributes' | 'events'>) {
  const set = (place: number, condition: Condition) => onChange({ ...model, conditions: model.conditions.map((each, index) => (index === place ? condition : each)) });
  const add = (condition: Condition) => onChange({ ...model, conditions: [...model.conditions, condition] });
  return (
    <>
      {model.conditions.length > 1 && (
        <div className={classes.match}>
          <span id="match">Users of whom</span>
          <Select
            size="xs"
            aria-label="How many conditions have to hold"
            data={[
              { value: 'all', label: 'all conditions hold' },
              { value: 'any', label: 'any condition holds' },
            ]}
            value={model.match}
            allowDeselect={false}
            onChange={(match) => onChange({ ...model, match: match === 'any' ? 'any' : 'all' })}
          />
        </div>
      )}
      <ol className={classes.rows}>
        {model.conditions.map((condition, index) => (
          <li key={index} className={classes.row}>
            {condition.kind === 'field' ? <FieldRow condition={condition} onChange={(next) => set(index, next)} attributes={attributes} /> : <EventRow condition={condition} onChange={(next) => set(index, next)} events={events} />}
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Remove condition ${index + 1}`} disabled={model.conditions.length === 1} onClick={() => onChange({ ...model, conditions: model.conditions.filter((_, place) => place !== index) })}>
              <Icon name="x" size={16} />
            </ActionIcon>
          </li>
        ))}
      </ol>
      <div className={classes.add}>
        <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => add({ kind: 'field', field: 'attributes.', operator: 'eq', value: '' })}>
          What they are
        </Button>
        <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => add({ kind: 'event', event: '', operator: 'gte', count: 1, days: 30 })}>
          What they did
        </Button>
      </div>
    </>
  );
}

type FieldCondition = Extract<Condition, { kind: 'field' }>;
type EventCondition = Extract<Condition, { kind: 'event' }>;

function FieldRow({ condition, onChange, attributes }: { condition: FieldCondition; onChange: (condition: Condition) => void; attributes: readonly string[] }) {
  const hint = useDomId();
  const isAttribute = condition.field.startsWith('attributes.');
  const isTime = condition.field.endsWith('_at');
  return (
    <>
      <Select
        aria-label="Field"
        className={classes.field}
        data={[{ value: 'attributes.', label: 'Attribute' }, ...standardFields]}
        value={isAttribute ? 'attributes.' : condition.field}
        searchable
        allowDeselect={false}
        onChange={(field) => onChange({ ...condition, field: field ?? 'attributes.' })}
      />
      {isAttribute && (
        <Autocomplete
          aria-label="Name of the attribute"
          placeholder="plan"
          className={classes.field}
          data={[...attributes]}
          value={condition.field.slice('attributes.'.length)}
          onChange={(name) => onChange({ ...condition, field: `attributes.${name}` })}
        />
      )}
      <Select aria-label="Comparison" className={classes.operator} data={[...fieldOperators]} value={condition.operator} allowDeselect={false} onChange={(operator) => onChange({ ...condition, operator: operator ?? 'eq' })} />
      {!needsNoValue(condition.operator) && (
        <TextInput
          aria-label="Value"
          aria-describedby={hint}
          className={classes.value}
          placeholder={condition.operator === 'in' || condition.operator === 'nin' ? 'pro, team' : isTime ? '2026-01-31' : condition.field === 'is_account' ? 'yes' : 'Value'}
          value={condition.value}
          onChange={(event) => onChange({ ...condition, value: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function EventRow({ condition, onChange, events }: { condition: EventCondition; onChange: (condition: Condition) => void; events: readonly string[] }) {
  return (
    <>
      <span className={classes.word}>did</span>
      <Autocomplete aria-label="Event" placeholder="Signed up" className={classes.field} data={[...events]} value={condition.event} onChange={(event) => onChange({ ...condition, event })} />
      <Select aria-label="How often" className={classes.operator} data={[...countOperators]} value={condition.operator} allowDeselect={false} onChange={(operator) => onChange({ ...condition, operator: operator ?? 'gte' })} />
      <NumberInput aria-label="Times" className={classes.number} min={0} max={1_000_000} allowDecimal={false} value={condition.count} onChange={(count) => onChange({ ...condition, count: Number(count) || 0 })} suffix="×" />
      <Select
        aria-label="Within"
        className={classes.operator}
        data={[
          { value: '1', label: 'in a day' },
          { value: '7', label: 'in 7 days' },
          { value: '30', label: 'in 30 days' },
          { value: '90', label: 'in 90 days' },
          { value: '365', label: 'in a year' },
          { value: 'ever', label: 'ever' },
          ...(condition.days !== null && ![1, 7, 30, 90, 365].includes(condition.days) ? [{ value: String(condition.days), label: `in ${condition.days} days` }] : []),
        ]}
        value={condition.days === null ? 'ever' : String(condition.days)}
        allowDeselect={false}
        onChange={(days) => onChange({ ...condition, days: days === 'ever' || days === null ? null : Number(days) })}
      />
    </>
  );
}
