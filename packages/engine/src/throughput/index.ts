export { type Throttle, throttleError } from './throttle.js';
export {
  type Consumption,
  type ThrottleEvent,
  Throughput,
  type ThroughputFeed,
  type ThroughputListener,
  type ThroughputMode,
  type VectorBytes,
} from './throughput.js';
