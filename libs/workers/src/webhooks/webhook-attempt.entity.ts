import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { WebhookDeliveryRow } from './webhook-delivery.entity.js';

/** One attempt at a delivery. What was sent and what was answered is not kept: either may hold what is known of a user. */
@Entity('webhook_attempts')
@ForeignKey(() => WebhookDeliveryRow, ['projectId', 'webhookId', 'deliveryId'], ['projectId', 'webhookId', 'deliveryId'], { name: 'webhook_attempts_delivery_fkey', onDelete: 'CASCADE' })
export class WebhookAttempt {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'webhook_attempts_pkey' })
  projectId!: string;

  @PrimaryColumn('uuid', { name: 'webhook_id', primaryKeyConstraintName: 'webhook_attempts_pkey' })
  webhookId!: string;

  @PrimaryColumn('uuid', { name: 'delivery_id', primaryKeyConstraintName: 'webhook_attempts_pkey' })
  deliveryId!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'webhook_attempts_pkey' })
  attempt!: number;

  @Column({ type: 'timestamptz', precision: 3, default: () => 'now()' })
  at!: string;

  /** Null: nobody answered. */
  @Column('integer', { nullable: true })
  status!: number | null;

  @Column('text', { nullable: true })
  error!: string | null;

  @Column('integer', { name: 'duration_ms' })
  durationMs!: number;
}
