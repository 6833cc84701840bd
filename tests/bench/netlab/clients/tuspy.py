"""tuspy as its README uses it, its URL storage on, in a plain loop. FOLDER TUS SINK LIMIT

Runs in the peers' own environment: nothing of ours but the module beside it is imported.
"""

import sys
import tempfile
import time
from pathlib import Path

import requests
from tusclient import client  # type: ignore[import-not-found,unused-ignore]
from tusclient.storage import filestorage  # type: ignore[import-not-found,unused-ignore]

from tests.bench.netlab.clients.upload_run import UploadRun, dossiers

_HEADERS = {"Authorization": "Bearer static-token-of-the-bench-000000000000"}


def main() -> None:
    folder, tus, sink, limit = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
    run = UploadRun(limit)
    sender = client.TusClient(tus, headers=_HEADERS)
    with tempfile.TemporaryDirectory() as kept:
        storage = filestorage.FileStorage(str(Path(kept) / "urls"))
        for text, photos in dossiers(folder):
            while run.has_time:
                try:
                    requests.put(
                        f"{sink}/put/{text.name}", data=text.read_bytes(), headers=_HEADERS, timeout=60
                    ).raise_for_status()
                except requests.RequestException as wrong:
                    run.failed(wrong)
                    time.sleep(1)
                else:
                    run.believed += 1
                    break
            for photo in photos:
                while run.has_time:
                    try:
                        sender.uploader(
                            str(photo), retries=3, retry_delay=1, store_url=True, url_storage=storage,
                            metadata={"filename": photo.name},
                        ).upload()  # fmt: skip
                    except Exception as wrong:  # noqa: BLE001 - whatever the peer raises is its result
                        run.failed(wrong)
                        time.sleep(1)
                    else:
                        run.believed += 1
                        break
    run.tell()


if __name__ == "__main__":
    main()
