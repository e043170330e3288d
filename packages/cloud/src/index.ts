export type { FaultRequest, FaultRule } from './faults/fault-rule.js';
export type { Denial, IamMode } from './kernel/authorizer.js';
export type { ClockReading } from './kernel/kernel-clock.js';
export type { RequestRecord } from './kernel/request-log.js';
export { type BackgroundEndpoint, type BackgroundOptions, startInBackground } from './lifecycle/background.js';
export { type DaemonCommand, type DaemonOptions, daemonCommand } from './lifecycle/daemon-command.js';
export { defaultDataDir } from './lifecycle/data-dir.js';
export { startLocalEndpoint } from './lifecycle/foreground.js';
export {
  addLocalFault,
  changeLocalSnapshot,
  clearLocalFaults,
  type LocalOptions,
  type LocalStatus,
  type LogOptions,
  localClock,
  localCoverage,
  localDenials,
  localFaults,
  localRegions,
  localSnapshots,
  localStatus,
  readRequestLog,
  resetLocal,
  stopLocalEndpoint,
} from './lifecycle/local-commands.js';
export type { ClockRequest } from './server/clock-api.js';
export { DEFAULT_PORT } from './server/default-port.js';
export { PortInUseError } from './server/listen.js';
export type { LocalEndpoint, LocalEndpointOptions } from './server/local-endpoint.js';
export type { Health } from './server/private-api.js';
export type { ServiceCoverage } from './server/service-coverage.js';
export type { Snapshot } from './server/snapshots.js';
export { VERSION } from './version.js';
