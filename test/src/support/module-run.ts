import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { zipOfFiles } from '@tablewright/testkit';
import { TerraformFolder } from './terraform-folder.js';
import { openWorkspace, type Workspace } from './workspace.js';

/** A copy of the module that Terraform is initialised in, with an endpoint of its own. */
export interface ModuleRun {
  readonly workspace: Workspace;
  readonly terraform: TerraformFolder;
  /** Of SDK clients. */
  readonly options: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  close(): Promise<void>;
}

export async function openModule(): Promise<ModuleRun> {
  const workspace = await openWorkspace();
  const terraform = new TerraformFolder(workspace.env, workspace.folder);
  await terraform.init();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: workspace.endpoint.url, region: 'us-east-1', credentials };
  return { workspace, terraform, options, close: () => workspace.close() };
}

/** A function, and the role of the name `role` that it runs with and that may do nothing yet. */
export async function createFunction({ options }: ModuleRun, name: string, role: string): Promise<void> {
  const iam = new IAMClient(options);
  const Statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument }));
  iam.destroy();
  const lambda = new LambdaClient(options);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: Role?.Arn,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOfFiles({ 'index.js': 'exports.handler = async () => ({});' }) },
    }),
  );
  lambda.destroy();
}
