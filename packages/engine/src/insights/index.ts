export {
  type ContributorReport,
  type ContributorReportRequest,
  contributorReport,
  type ReportDatapoint,
} from './contributor-report.js';
export { type ContributorRule, contributorRules, ruleNames } from './contributor-rules.js';
export { Contributors, type ReadScope } from './contributors.js';
