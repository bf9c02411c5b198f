"""How much of anything one file may hold."""

PAGES_MOST = 30
PIXELS_MOST = 40_000_000
SIDE_PIXELS_MOST = 4_000
"""The longer side of a cleaned picture."""
PAGE_POINTS_MOST = 14_400
"""The longest side of a page that PDF itself knows: 200 inches."""
OBJECTS_MOST = 100_000
CONTENT_BYTES_MOST = 32 * 1024 * 1024
STREAM_BYTES_MOST = 4 * PIXELS_MOST
UNPACKED_BYTES_MOST = 1024 * 1024 * 1024
"""What all streams of a file may unpack to."""
FILTERS_MOST = 3
NESTING_MOST = 100
DRAWINGS_MOST = 100_000
DRAWING_DEPTH_MOST = 28
STAMP_LINES_MOST, STAMP_LINE_CHARS_MOST = 8, 40
ATTACHMENT_BYTES_MOST = 16 * 1024 * 1024
