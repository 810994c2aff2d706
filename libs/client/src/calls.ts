import type { AdminCalls, DeploymentCalls, EndUserCalls, EngagementCalls, EnvironmentCalls, ProjectCalls } from './api.data.js';
import type { Auth } from './auth/auth.js';
import type { Upload } from './upload.js';

/** Every call there is. */
export type AllCalls = EnvironmentCalls & EngagementCalls & ProjectCalls & AdminCalls & EndUserCalls & DeploymentCalls;

/** The calls that these credentials open; without credentials, all are there to be tried. */
export type CallsOf<A> = A extends Auth<infer Calls> ? Calls & DeploymentCalls : AllCalls;

/** Calls that answer at once; those that stream their answer are the others. */
export type RequestEndpoint<Calls> = { [E in keyof Calls]: Calls[E] extends { body: { upload: string } } ? never : Calls[E] extends { answer: unknown } ? E : never }[keyof Calls] & string;
/** Calls that take a file. */
export type UploadEndpoint<Calls> = { [E in keyof Calls]: Calls[E] extends { body: { upload: string } } ? E : never }[keyof Calls] & string;
export type StreamEndpoint<Calls> = { [E in keyof Calls]: Calls[E] extends { stream: 'application/x-ndjson' } ? E : never }[keyof Calls] & string;
/** Lists that come in pages. */
export type PagedEndpoint<Calls> = { [E in keyof Calls]: Calls[E] extends { query: infer Query } ? (keyof Query & PageParameter extends never ? never : E) : never }[keyof Calls] & string;
type PageParameter = 'cursor' | 'next_cursor' | 'page' | 'after';

export interface CommonOptions {
  headers?: Readonly<Record<string, string>>;
  /** Ends the call, its repetitions and its waiting. */
  signal?: AbortSignal;
  /** Milliseconds that one try may take, in place of the client's. */
  timeout?: number;
  /** `false`: this call is tried once. */
  retry?: false;
  /** In place of one made for this call: give the same again to repeat a POST later, even from another process. */
  idempotencyKey?: string;
}

type None = Record<never, never>;
type PathPart<Call> = Call extends { path: infer Path } ? (None extends Path ? { path?: Path } : { path: Path }) : unknown;
type QueryPart<Call> = Call extends { query: infer Query } ? (None extends Query ? { query?: Query } : { query: Query }) : unknown;
type BodyPart<Call> = 'body' extends keyof Call ? (None extends Pick<Call, 'body'> ? { body?: Call['body'] } : { body: Call['body'] }) : unknown;

export type CallOptions<Call> = CommonOptions & PathPart<Call> & QueryPart<Call> & BodyPart<Call>;
/** Options may be left out where none is required. */
export type OptionsOf<Call> = None extends CallOptions<Call> ? [options?: CallOptions<Call>] : [options: CallOptions<Call>];

/** `type`: what the file is; absent: NDJSON. */
export type UploadOptions<Call> = CommonOptions & PathPart<Call> & QueryPart<Call> & { file: Upload; type?: Call extends { body: { upload: infer Type } } ? Type : never };
export type AnswerOf<Call> = Call extends { answer: infer Answer } ? Answer : never;

/** What `endpoint` answers: `Answer<'GET /v1/users/{uid}'>`. */
export type Answer<E extends RequestEndpoint<AllCalls>> = AnswerOf<AllCalls[E]>;
/** What `endpoint` takes: `RequestBody<'POST /v1/users'>`. */
export type RequestBody<E extends keyof AllCalls> = AllCalls[E] extends { body?: infer B } ? NonNullable<B> : never;
export type QueryOf<E extends keyof AllCalls> = AllCalls[E] extends { query: infer Q } ? Q : never;

/** One thing of a page, wherever the surface puts the list. */
export type ItemOf<Page> = Page extends { data: { users: (infer Item)[] } } ? Item : { [K in Exclude<keyof Page, 'unreachable'>]: Page[K] extends (infer Item)[] ? Item : never }[Exclude<keyof Page, 'unreachable'>];
/** One thing of the list that `endpoint` answers. */
export type Item<E extends PagedEndpoint<AllCalls>> = ItemOf<AnswerOf<AllCalls[E]>>;
