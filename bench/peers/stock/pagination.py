from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from bench.peers import wire


class EnvelopePagination(PageNumberPagination):
    page_size = wire.DEFAULT_PAGE_SIZE
    page_size_query_param = "pageSize"
    max_page_size = wire.LARGEST_PAGE_SIZE

    def get_paginated_response(self, data: Any) -> Response:
        paginator = self.page.paginator
        next_link = self.get_next_link()
        return Response(
            {
                "pageNumber": self.page.number,
                "pageSize": paginator.per_page,
                "totalItems": paginator.count,
                "totalPages": -(-paginator.count // paginator.per_page),
                "items": data,
            },
            headers={"Link": f'<{next_link}>; rel="next"'} if next_link else {},
        )
