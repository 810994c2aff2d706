import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { profiles, type Actor } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure, platformErrors, type Failure } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import type { LoginState } from '../login/logins.repository.js';
import { ActivateImports, type Reserved } from './activate-imports.js';
import { failed, ImportCandidate } from './import-candidate.js';
import { importedLoginsRepository } from './imported-logins.repository.js';
import { ImportedHashes } from './imported-hashes.js';
import { TakenNames } from './taken-names.js';

interface Import {
  realmId: string;
  actor: Actor;
  context: CallContext;
}

/** Rounds in which nothing came of anybody, because others were faster with the same users each time. */
const idleRounds = 5;

/**
 * Imports some hundred users, in a few statements and messages about all of them: look who is there, refuse what can be refused, reserve,
 * have profiles write, activate. Of a user who is new the pending row is one of a registration: whoever dies leaves one that is finished if
 * the profile was made, and else released.
 */
@Injectable()
export class ImportChunk {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly hashes: ImportedHashes,
    private readonly activation: ActivateImports,
  ) {}

  /** Gives every candidate its result. @returns the states of those who can log in now */
  async run(candidates: readonly ImportCandidate[], request: Import): Promise<LoginState[]> {
    const states: LoginState[] = [];
    let left = [...candidates];
    for (let idle = 0; left.length > 0 && idle < idleRounds; ) {
      states.push(...(await this.round(left, request)));
      const before = left.length;
      left = left.filter(({ result }) => result === undefined);
      idle = left.length === before ? idle + 1 : 0;
    }
    for (const candidate of left) candidate.fail(changedMeanwhile());
    return states;
  }

  private async round(all: readonly ImportCandidate[], request: Import): Promise<LoginState[]> {
    await this.lookUp(all, request);
    const firsts = firstOfEach(all.filter(isOpen));
    await this.refuse(firsts, request.realmId);
    await Promise.all(firsts.filter(isOpen).map(async (candidate) => this.hashes.complete(candidate, request.context)));
    const states = await this.import(firsts.filter(isOpen), request);
    followFirst(all);
    return states;
  }

  /** Who is there, and whether they can log in already: then nothing about them is changed. */
  private async lookUp(candidates: readonly ImportCandidate[], { realmId, context }: Import): Promise<void> {
    const { found } = await this.rpc.call(profiles.findUsers, { realmId, users: candidates.map(({ user }) => user.user) }, context);
    const rows = await importedLoginsRepository.findMany(this.database, realmId, found.flatMap((one) => (one === null || one === 'erased' ? [] : one.userId)));
    const logins = new Map(rows.map((login) => [login.userId, login]));
    candidates.forEach((candidate, index) => {
      const present = found[index] ?? null;
      candidate.meet(present, present === null || present === 'erased' ? undefined : logins.get(present.userId), uuidv7());
    });
  }

  /** What the names tell before anything is written; the indexes have the last word. */
  private async refuse(candidates: readonly ImportCandidate[], realmId: string, undecided: ReadonlySet<string> = new Set()): Promise<void> {
    const taken = await TakenNames.of(this.database, realmId, candidates.filter(isOpen));
    for (const candidate of candidates.filter(isOpen)) {
      const refusal = taken.refuse(candidate, undecided);
      if (refusal !== undefined) candidate.fail(refusal);
    }
  }

  private async import(candidates: readonly ImportCandidate[], request: Import): Promise<LoginState[]> {
    if (candidates.length === 0) return [];
    const { realmId, context } = request;
    const reservationId = randomUUID();
    const reserved = await this.reserve(candidates, reservationId, realmId);
    if (reserved.length === 0) return [];
    const release = (those: readonly ImportCandidate[]) => importedLoginsRepository.release(this.database, realmId, reservationId, those.map(({ userId }) => userId));
    let answers: Awaited<ReturnType<typeof this.write>>;
    try {
      answers = await this.write(reserved, request);
    } catch (error) {
      if (!isFailure(error)) throw error;
      // Where nobody said no, there may be profiles of those who are new: whoever finds their rows later looks.
      await release(reserved.filter(({ isNew }) => !isNew));
      for (const candidate of reserved) candidate.fail(error);
      return [];
    }
    const written: Reserved[] = [];
    const broken: ImportCandidate[] = [];
    reserved.forEach((candidate, index) => {
      const answer = answers[index]!;
      if (!('error' in answer) && answer.userId === candidate.userId) return written.push({ candidate, email: answer.email });
      // Somebody else made a user of this external id meanwhile: they are who is meant.
      if ('error' in answer) candidate.result = failed(candidate.knownId, answer.error);
      return broken.push(candidate);
    });
    await release(broken);
    return this.activation.execute(written, { realmId, reservationId, actor: request.actor }, context);
  }

  /** @returns those that have a pending row of ours now, or can do without */
  private async reserve(candidates: readonly ImportCandidate[], reservationId: string, realmId: string): Promise<ImportCandidate[]> {
    const present = candidates.filter(({ isNew }) => !isNew);
    const born = candidates.filter(({ isNew }) => isNew);
    await importedLoginsRepository.reservePresent(this.database, realmId, reservationId, present.map(({ userId }) => userId).sort());
    const got = await this.reserveNew(born, reservationId, realmId);
    const lost = born.filter(({ userId }) => !got.has(userId));
    // Somebody was faster with a name. If it was one of these, or they have let go of it since, the next round tries again.
    await this.refuse(lost, realmId, got);
    return candidates.filter((candidate) => !lost.includes(candidate));
  }

  /**
   * A name that is another user's of the other kind refuses all of them: then half of them at a time.
   * @returns the ids of those who got their names
   */
  private async reserveNew(born: readonly ImportCandidate[], reservationId: string, realmId: string): Promise<ReadonlySet<string>> {
    if (born.length === 0) return new Set();
    try {
      return await this.database.withTransaction(async (tx) => importedLoginsRepository.reserveNew(tx, realmId, reservationId, born.map((candidate) => candidate.toLogin(realmId))));
    } catch (error) {
      if (!isFailure(error, 'email-taken') && !isFailure(error, 'user-name-taken')) throw error;
      if (born.length === 1) return new Set();
      const middle = Math.ceil(born.length / 2);
      return new Set([...(await this.reserveNew(born.slice(0, middle), reservationId, realmId)), ...(await this.reserveNew(born.slice(middle), reservationId, realmId))]);
    }
  }

  private async write(candidates: readonly ImportCandidate[], { realmId, actor, context }: Import) {
    const users = candidates.map(({ userId, isNew, user: { user, email, createdAt } }) => ({
      newUserId: userId,
      ...(isNew && 'externalId' in user ? { externalId: user.externalId } : {}),
      patch: { ...(email === undefined ? {} : { email }), ...(createdAt === undefined ? {} : { createdAt }) },
    }));
    return (await this.rpc.call(profiles.importUsers, { realmId, users, actor }, context)).results;
  }
}

const isOpen = ({ result }: ImportCandidate) => result === undefined;

/** Of candidates who are the same user, the first; the others wait for what becomes of it. */
function firstOfEach(candidates: readonly ImportCandidate[]): ImportCandidate[] {
  const firsts = new Map<string, ImportCandidate>();
  for (const candidate of candidates) if (!firsts.has(candidate.who)) firsts.set(candidate.who, candidate);
  return [...firsts.values()];
}

/** Who is meant by two can log in by the first; if that was refused, the next may still be taken. */
function followFirst(candidates: readonly ImportCandidate[]): void {
  const settled = new Map(candidates.flatMap(({ who, result }) => (result === undefined || result.status === 'failed' ? [] : [[who, result.userId] as const])));
  for (const candidate of candidates.filter(isOpen)) {
    const userId = settled.get(candidate.who);
    if (userId !== undefined) candidate.result = { status: 'skipped', userId, error: null };
  }
}

function changedMeanwhile(): Failure {
  return platformErrors.failure('service-unavailable', 'The login was changed at the same time: try again.', { retryAfter: 1 });
}
