import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { WebhookRow } from './webhook.entity.js';

/** An event of a feed on its way to a webhook, and what became of it. What is sent is made when it is sent. */
@Entity('webhook_deliveries')
@Unique('webhook_deliveries_position_key', ['projectId', 'webhookId', 'position'])
@Index('webhook_deliveries_pending_idx', ['projectId', 'webhookId', 'position'], { where: `state = 'pending'` })
@Index('webhook_deliveries_under_way_idx', ['projectId', 'webhookId', 'leaseUntil'], { where: `state = 'pending' AND lease_until IS NOT NULL` })
@Index('webhook_deliveries_waiting_idx', ['projectId', 'webhookId', 'subject', 'position'], { where: `state = 'pending'` })
@Index('webhook_deliveries_due_idx', ['nextAttemptAt'], { where: `state = 'pending'` })
@Index('webhook_deliveries_finished_idx', ['finishedAt'], { where: 'finished_at IS NOT NULL' })
@Check('webhook_deliveries_state_check', `state IN ('pending', 'delivered', 'failed') AND (state = 'pending') = (finished_at IS NULL)`)
@ForeignKey(() => WebhookRow, ['projectId', 'webhookId'], ['projectId', 'webhookId'], { name: 'webhook_deliveries_webhook_fkey', onDelete: 'CASCADE' })
export class WebhookDeliveryRow {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'webhook_deliveries_pkey' })
  projectId!: string;

  @PrimaryColumn('uuid', { name: 'webhook_id', primaryKeyConstraintName: 'webhook_deliveries_pkey' })
  webhookId!: string;

  @PrimaryColumn('uuid', { name: 'delivery_id', primaryKeyConstraintName: 'webhook_deliveries_pkey' })
  deliveryId!: string;

  /** Of the event in the feed. */
  @Column('bigint')
  position!: number;

  /** `webhook-id`. */
  @Column('text', { name: 'event_id' })
  eventId!: string;

  @Column('text')
  type!: string;

  /** Whom or what it is about: of two about the same, the later one waits for the earlier one. */
  @Column('text')
  subject!: string;

  @Column('text', { default: 'pending' })
  state!: string;

  @Column('integer', { default: 0 })
  attempts!: number;

  /** Attempts since somebody wanted it sent last: the waits grow with them. */
  @Column('integer', { default: 0 })
  tries!: number;

  @Column({ type: 'timestamptz', name: 'next_attempt_at', precision: 3, default: () => 'now()' })
  nextAttemptAt!: string;

  @Column({ type: 'timestamptz', name: 'give_up_at', precision: 3 })
  giveUpAt!: string;

  /** An attempt is under way until then at the latest. */
  @Column({ type: 'timestamptz', name: 'lease_until', precision: 3, nullable: true })
  leaseUntil!: string | null;

  @Column({ type: 'timestamptz', name: 'attempted_at', precision: 3, nullable: true })
  attemptedAt!: string | null;

  @Column('integer', { nullable: true })
  status!: number | null;

  @Column('text', { nullable: true })
  error!: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: string | null;
}
