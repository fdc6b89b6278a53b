// The page at "/": what client/explorer has built, embedded by embed_page.cmake.
#ifndef RECTIFIER_SERVER_HTTP_PAGE_H_
#define RECTIFIER_SERVER_HTTP_PAGE_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/http/message.h"

namespace rectifier::http {

struct PageFile {
  const char* path;  // "/", "/explorer.js"
  const char* etag;  // with its quotes; of the file as it is built
  const unsigned char* gzip;
  size_t bytes;
};

absl::Span<const PageFile> PageFiles();

// Whether a file of the page is at the path.
bool IsPage(absl::string_view path);

// The file that a GET or HEAD asks for, or that the browser has it already. It tells nothing but
// what the source of the project does, so it is for everyone.
Response AnswerPage(const Head& head);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_PAGE_H_
