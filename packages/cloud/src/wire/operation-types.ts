/** Any class of an SDK client, e.g. `GetCallerIdentityCommand`. */
interface CommandShape<Input, Output> {
  resolveMiddleware(
    stack: never,
    configuration: never,
    options: never,
  ): (args: { input: Input; request: unknown }) => Promise<{ response: unknown; output: Output }>;
}

type CommandOf<Module, Name extends string> = Module extends {
  [Key in `${Name}Command`]: new (
    ...args: never
  ) => infer Command;
}
  ? Command
  : never;

/** The names of all operations that an SDK client module offers: `'AssumeRole' | 'GetCallerIdentity' | …`. */
export type OperationName<Module> = {
  [Key in keyof Module]: Key extends `${infer Name}Command` ? (Name extends '' | '$' ? never : Name) : never;
}[keyof Module];

/** The SDK's own input type of an operation, e.g. `OperationInput<typeof import('@aws-sdk/client-sts'), 'AssumeRole'>`. */
export type OperationInput<Module, Name extends string> =
  CommandOf<Module, Name> extends CommandShape<infer Input, infer _Output> ? Input : never;

/** The SDK's own output type of an operation, without `$metadata`. */
export type OperationOutput<Module, Name extends string> =
  CommandOf<Module, Name> extends CommandShape<infer _Input, infer Output> ? Omit<Output, '$metadata'> : never;

/** A function that carries out one operation. Throws {@link ServiceError} for what the client shall see. */
export type Handler<Context, Input, Output> = (
  context: Context,
  input: Input,
) => Promise<Omit<Output, '$metadata'>> | Omit<Output, '$metadata'>;

/** Handlers for the operations of an SDK client module, by name; those that are not emulated may be left out. */
export type Handlers<Module, Context> = {
  readonly [Name in OperationName<Module>]?: Handler<
    Context,
    OperationInput<Module, Name>,
    OperationOutput<Module, Name>
  >;
};

/**
 * A table with an entry for every operation of an SDK client module, so that one that is missing does not
 * compile; what is not emulated is written as `undefined`.
 */
export type ExhaustiveHandlers<Module, Context> = {
  readonly [Name in OperationName<Module>]:
    | Handler<Context, OperationInput<Module, Name>, OperationOutput<Module, Name>>
    | undefined;
};
