/**
 * Settings on every start, so that they hold for clusters of earlier releases too and no edited file can undo them.
 */
export const postgresSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // its path must be short, and a data folder's may be long
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',

  // For a laptop. What is committed stays: fsync and synchronous_commit are on by default and stay so.
  max_connections: '200', // pools of all services, of several processes on one data folder's database, and of a run of the tests
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '64MB',
  max_wal_size: '1GB',
  wal_level: 'replica',
  // Segments that are not needed any more are removed, and not kept for later with erased users' values in them.
  wal_recycle: 'off',

  // No user's value may reach the log. Messages of failed statements quote values ("invalid input syntax for type uuid:
  // …"), and details quote rows; the client gets them anyway. The level `log` is above `error` here.
  log_destination: 'stderr',
  logging_collector: 'off',
  log_line_prefix: '',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_lock_waits: 'off',
  log_temp_files: '-1',
  log_autovacuum_min_duration: '-1',
  log_checkpoints: 'off',
  log_connections: '',
};

/** The settings as arguments of the `postgres` program. */
export function settingArguments(more: Readonly<Record<string, string>>): string[] {
  return Object.entries({ ...postgresSettings, ...more }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
