"""Verifies deliveries as their receivers would, with the library of Standard Webhooks.

Reads lines of JSON: `secret`, `headers` and `body`. Prints the number of each line that does not verify.
"""

import json
import sys

from standardwebhooks import Webhook, WebhookVerificationError

for number, line in enumerate(sys.stdin):
    delivery = json.loads(line)
    try:
        Webhook(delivery["secret"]).verify(delivery["body"], delivery["headers"])
    except WebhookVerificationError:
        print(number)
