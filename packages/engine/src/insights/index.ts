export {
  type ContributorReport,
  type ContributorReportRequest,
  contributorReport,
} from './contributor-report.js';
export { type ContributorRule, contributorRules, ruleNames } from './contributor-rules.js';
export { Contributors, type ReadScope } from './contributors.js';
