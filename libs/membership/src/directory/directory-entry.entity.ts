import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Member } from '../roles/member.entity.js';

/** How somebody with a role is sorted and searched: a copy of what profiles knows. */
@Entity('directory')
@ForeignKey(() => Member, ['userId'], ['userId'], { name: 'directory_user_id_fkey' })
export class DirectoryEntry {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'directory_pkey' })
  userId!: string;

  /** Profiles' version of the user: a lower one never overwrites a higher one. */
  @Column('bigint')
  version!: number;

  /** In lower case, without accents, cut off at 64 characters; empty where there is none. */
  @Column({ type: 'text', name: 'name_key', collation: 'C' })
  nameKey!: string;

  @Column({ type: 'text', name: 'email_key', collation: 'C' })
  emailKey!: string;

  /** Name and email in lower case, one a line: what is searched. */
  @Column('text')
  names!: string;
}
