"""Downloads the lists of a live site into a download checkpoint, page by page."""

from collections.abc import Iterator
from itertools import combinations

from memberships.importing.engage.checkpoint import DownloadCheckpoint, ListProgress
from memberships.importing.engage.progress import progress_bar
from memberships.importing.engage.site_client import ListForbidden, Site, SiteFailed, SitePage

PAGE_SIZE = 500

RESOURCES: dict[str, tuple[str, ...]] = {
    "users": (),
    "organizations": (),
    "positions": (),
    "memberships": ("includeReflections", "IncludeDeletes"),
}
"""The lists in the order in which they are downloaded, with flags for data that not every key may read."""

REASONS = {
    400: "the site does not accept the request",
    401: "the site does not accept the key",
    403: "the key may not read it",
    404: "the site has no such list",
}


def download(site: Site, download_checkpoint: DownloadCheckpoint) -> None:
    """Download the rest of every list. SiteFailed if a page cannot be downloaded; the checkpoint stays valid."""
    for resource in RESOURCES:
        progress = download_checkpoint.progress.setdefault(resource, ListProgress())
        if not progress.is_done:
            download_list(site, download_checkpoint, resource)
    if all(progress.withheld for progress in download_checkpoint.progress.values()):
        reasons = {REASONS[progress.withheld] for progress in download_checkpoint.progress.values()}
        download_checkpoint.remove()
        raise SiteFailed(
            f"{site.base} returns none of its lists: {', '.join(sorted(reasons))}. Check --url and the key; for a "
            "signed query also --address, --digest and the clock of this machine."
        )


def download_list(site: Site, download_checkpoint: DownloadCheckpoint, resource: str) -> None:
    """Download the rest of one list."""
    progress = download_checkpoint.progress[resource]
    try:
        if progress.query is None:
            download_checkpoint.add(resource, first_page(site, progress, resource))
        with progress_bar(resource, progress.total, done=progress.items) as bar:
            while progress.query is not None:
                page = site.page(resource, progress.query)
                download_checkpoint.add(resource, page)
                bar.update(page.items)
    except ListForbidden as refusal:
        if progress.pages:
            raise SiteFailed(
                f"{site.base}/{resource} responded with {refusal.status} after {progress.pages} pages. The pages are "
                f"stored in {download_checkpoint.folder}: run this command again to continue."
            ) from refusal
        progress.withheld, progress.is_done = refusal.status, True
        download_checkpoint.save()


def first_page(site: Site, progress: ListProgress, resource: str) -> SitePage:
    """The first page of a list, with as many flags as the site accepts. ListForbidden if it accepts no request."""
    flags = RESOURCES[resource]
    tries = [left_out for size in range(len(flags) + 1) for left_out in combinations(flags, size)]
    for left_out in tries:
        parameters = {flag: "true" for flag in flags if flag not in left_out}
        try:
            page = site.page(resource, {"page": "1", "pageSize": str(PAGE_SIZE), **parameters})
        except ListForbidden as refusal:
            if left_out == tries[-1] or refusal.status not in {400, 403}:
                raise
        else:
            progress.without = list(left_out)
            return page
    raise AssertionError("the loop runs at least once")


def notes(download_checkpoint: DownloadCheckpoint) -> Iterator[str]:
    """Notes for the report on data that the site did not return."""
    for resource, progress in download_checkpoint.progress.items():
        if progress.withheld:
            yield f"The site returned no {resource} ({progress.withheld}: {REASONS[progress.withheld]})."
        if "IncludeDeletes" in progress.without:
            yield f"The key may not list deleted {resource}: those are missing."
        if "includeReflections" in progress.without:
            yield f"The site returned no reflections of {resource}."
        if progress.items < progress.total:
            yield (
                f"The site has {progress.total:,} {resource}, but {progress.items:,} were downloaded: it has changed. "
                "Download again."
            )
