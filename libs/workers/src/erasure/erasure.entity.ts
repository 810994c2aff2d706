import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ReceiptRow } from '../receipts/receipt.entity.js';

/** A request to erase users. The row is the order: the queue's job only carries it out, and can be made again from it. */
@Entity('erasures')
@Check('erasures_state_check', `state IN ('scheduled', 'running', 'done', 'failed')`)
@Check('erasures_finished_check', `(state = 'done') = (finished_at IS NOT NULL)`)
@Check('erasures_receipt_check', `(state = 'done') = (receipt IS NOT NULL OR receipt_sequence IS NOT NULL)`)
@ForeignKey(() => ReceiptRow, ['receiptSequence'], ['sequence'], { name: 'erasures_receipt_fkey' })
@Index('erasures_erasure_id_idx', ['erasureId'])
@Index('erasures_unfinished_idx', ['requestedAt'], { where: `state <> 'done'` })
export class Erasure {
  @PrimaryColumn('uuid', { name: 'realm_id', primaryKeyConstraintName: 'erasures_pkey' })
  realmId!: string;

  /** The job's id in every answer. */
  @PrimaryColumn('uuid', { name: 'erasure_id', primaryKeyConstraintName: 'erasures_pkey' })
  erasureId!: string;

  @Column('text', { default: 'scheduled' })
  state!: string;

  /** Id of an actor. */
  @Column('text', { name: 'requested_by' })
  requestedBy!: string;

  @Column('text', { name: 'requested_by_type', default: 'credential' })
  requestedByType!: string;

  @Column({ type: 'timestamptz', name: 'requested_at', precision: 3 })
  requestedAt!: string;

  /** Of the HTTP request, for the log lines of the job. */
  @Column('text', { name: 'request_id' })
  requestId!: string;

  /** How often something of it has begun: a part of it, or its end. */
  @Column('integer', { default: 0 })
  attempts!: number;

  @Column({ type: 'timestamptz', name: 'attempted_at', precision: 3, nullable: true })
  attemptedAt!: string | null;

  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: string | null;

  /** Of erasures that were done before receipts were signed. Written no more. */
  @Column('jsonb', { nullable: true })
  receipt!: object | null;

  /** Its place in the chain. */
  @Column('bigint', { name: 'receipt_sequence', nullable: true })
  receiptSequence!: number | null;
}
