import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Member } from './member.entity.js';

@Entity('deployment_members')
@Check('deployment_members_role_check', `role IN ('super_admin')`)
@ForeignKey(() => Member, ['userId'], ['userId'], { name: 'deployment_members_user_id_fkey' })
export class DeploymentMember {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'deployment_members_pkey' })
  userId!: string;

  @Column('text')
  role!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column('text', { name: 'created_by' })
  createdBy!: string;
}
