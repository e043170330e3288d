# Runs in a process of its own: loads a function's code and calls its handler, once per request.
#
# Imitates AWS's runtime interface client for Python: how the handler is found, what its context offers, how results,
# errors and output leave it. https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
# Differs: no Runtime API over HTTP; requests come on file descriptor 3, everything else leaves on 4, one JSON document
# a line.
import importlib
import io
import json
import logging
import os
import resource
import sys
import time
import traceback
from datetime import datetime, timezone

current_id = ""
IS_JSON = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"


def send(message):
    frame = (json.dumps(message) + "\n").encode()
    while frame:
        frame = frame[os.write(4, frame):]


class Output(io.TextIOBase):
    def writable(self):
        return True

    def write(self, text):
        if text:
            send({"kind": "output", "text": text})
        return len(text)


class LogHandler(logging.Handler):
    def emit(self, record):
        stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        if IS_JSON:
            entry = {"timestamp": stamp, "level": record.levelname, "message": record.getMessage()}
            entry.update({"logger": record.name, "requestId": current_id})
            if record.exc_info:
                entry["errorType"] = record.exc_info[0].__name__
                entry["stackTrace"] = traceback.format_tb(record.exc_info[2])
            send({"kind": "log", "text": json.dumps(entry) + "\n"})
            return
        text = "[%s]\t%s\t%s\t%s\n" % (record.levelname, stamp, current_id, self.format(record))
        send({"kind": "log", "text": text})


class Context:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, request):
        self.aws_request_id = request["requestId"]
        self.invoked_function_arn = request["functionArn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.client_context = json.loads(request["clientContext"]) if "clientContext" in request else None
        self.identity = None
        self._deadline = time.monotonic() + request["timeoutMs"] / 1000

    def get_remaining_time_in_millis(self):
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def max_memory_kb():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def describe(error):
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": current_id,
        "stackTrace": traceback.format_list(frames),
    }


def runtime_error(kind, message):
    return {"errorMessage": message, "errorType": kind, "requestId": "", "stackTrace": []}


def log_error(description):
    if IS_JSON:
        stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        entry = {"timestamp": stamp, "log_level": "ERROR", **description}
        send({"kind": "log", "text": json.dumps(entry) + "\n"})
        return
    text = "[ERROR] %s: %s" % (description["errorType"], description["errorMessage"])
    if description["stackTrace"]:
        text += "\nTraceback (most recent call last):\n" + "".join(description["stackTrace"])
    send({"kind": "log", "text": text.rstrip("\n") + "\n"})


def load(handler):
    if "." not in handler:
        return None, runtime_error("Runtime.MalformedHandlerName", "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % handler)
    name, function = handler.rsplit(".", 1)
    try:
        module = importlib.import_module(name.replace("/", "."))
    except ImportError as error:
        return None, runtime_error("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (name, error))
    except SyntaxError as error:
        return None, runtime_error("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (name, error))
    except Exception as error:
        return None, describe(error)
    found = getattr(module, function, None)
    if found is None:
        return None, runtime_error("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function, name))
    return found, None


def answer(handler, request):
    try:
        result = handler(json.loads(request["payload"]), Context(request))
    except Exception as error:
        return "error", describe(error)
    try:
        return "result", json.dumps(result)
    except (TypeError, ValueError) as error:
        failure = runtime_error("Runtime.MarshalError", "Unable to marshal response: %s" % error)
        failure["requestId"] = current_id
        return "error", failure


def main():
    global current_id
    sys.stdout = sys.stderr = Output()
    root = logging.getLogger()
    root.handlers = [LogHandler()]
    if IS_JSON and "AWS_LAMBDA_LOG_LEVEL" in os.environ:
        root.setLevel(os.environ["AWS_LAMBDA_LOG_LEVEL"].replace("TRACE", "DEBUG"))
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    handler, fault = load(os.environ["_HANDLER"])
    if fault is not None:
        log_error(fault)
        send({"kind": "init-error", "payload": json.dumps(fault)})
        sys.exit(1)
    send({"kind": "ready"})
    with os.fdopen(3, "r", encoding="utf-8") as requests:
        for line in requests:
            request = json.loads(line)
            current_id = request["requestId"]
            os.environ["_X_AMZN_TRACE_ID"] = request["traceId"]
            kind, payload = answer(handler, request)
            if kind == "error":
                log_error(payload)
                payload = json.dumps(payload)
            send({"kind": kind, "requestId": current_id, "payload": payload, "maxMemoryKb": max_memory_kb()})
            current_id = ""


main()
