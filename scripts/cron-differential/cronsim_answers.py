"""Reads cases from standard input and prints each with cronsim's answer in seconds since 1970, or with its error.

The time zone data is that of the tzdata package, not that of the machine: PYTHONTZPATH must be set and empty.
"""

import json
import signal
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim


def give_up(signum, frame):
    raise TimeoutError("no answer within 20 seconds")


signal.signal(signal.SIGALRM, give_up)
for line in sys.stdin:
    case = json.loads(line)
    base = datetime.fromtimestamp(case["at"], ZoneInfo(case["zone"]))
    signal.alarm(20)
    try:
        simulation = CronSim(case["expression"], base, reverse=case["direction"] == "previous")
        case["theirs"] = int(next(simulation).timestamp())
    except StopIteration:
        case["theirs"] = None
    except Exception as error:
        case["error"] = f"{type(error).__name__}: {error}"
    signal.alarm(0)
    print(json.dumps(case))
