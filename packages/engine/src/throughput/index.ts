export { type Throttle, throttleError } from './throttle.js';
export {
  type Consumption,
  type ThrottleEvent,
  Throughput,
  type ThroughputFeed,
  type ThroughputListener,
  type ThroughputMode,
} from './throughput.js';
