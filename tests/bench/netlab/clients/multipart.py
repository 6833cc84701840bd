"""The naive way: one multipart POST per dossier, all of it again after an error. FOLDER SINK LIMIT"""

import contextlib
import sys
import time

import requests

from tests.bench.netlab.clients.upload_run import UploadRun, dossiers


def main() -> None:
    folder, sink, limit = sys.argv[1], sys.argv[2], float(sys.argv[3])
    run = UploadRun(limit)
    session = requests.Session()
    session.headers["Authorization"] = "Bearer static-token-of-the-bench-000000000000"
    for text, photos in dossiers(folder):
        while run.has_time:
            try:
                with contextlib.ExitStack() as opened:
                    files = [
                        (path.stem, (path.name, opened.enter_context(path.open("rb")))) for path in (text, *photos)
                    ]
                    session.post(f"{sink}/multipart", files=files, timeout=60).raise_for_status()
            except (requests.RequestException, OSError) as wrong:
                run.failed(wrong)
                time.sleep(1)
            else:
                run.believed += 1 + len(photos)
                break
    run.tell()


if __name__ == "__main__":
    main()
