// The body of a request as Boost.Beast receives it: what arrives is charged to the budget before it
// is kept, and no memory is taken for what is only claimed.
#ifndef RECTIFIER_SERVER_HTTP_COUNTED_BODY_H_
#define RECTIFIER_SERVER_HTTP_COUNTED_BODY_H_

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <memory>
#include <string>

#include "server/http/byte_budget.h"

namespace rectifier::http {

struct CountedBody {
  struct value_type {  // NOLINT(readability-identifier-naming): Beast's name
    std::shared_ptr<std::string> text;
    ByteBudget::Share* share = nullptr;
  };

  class reader {  // NOLINT(readability-identifier-naming): Beast's name
   public:
    template <bool kIsRequest, class Fields>
    reader(boost::beast::http::header<kIsRequest, Fields>& /*head*/, value_type& value)
        : value_(value) {}

    // NOLINTNEXTLINE(readability-identifier-naming): Beast's names, here and below
    void init(const boost::optional<uint64_t>& length, boost::beast::error_code& error) {
      error = {};
      if (length) claimed_ = *length;
    }

    template <class Buffers>
    size_t put(const Buffers& buffers, boost::beast::error_code& error) {
      error = {};
      const size_t more = boost::asio::buffer_size(buffers);
      std::string& text = *value_.text;
      if (text.size() + more > text.capacity() && !Reserve(text.size() + more)) {
        error = make_error_code(boost::system::errc::not_enough_memory);
        return 0;
      }
      for (auto buffer = boost::asio::buffer_sequence_begin(buffers);
           buffer != boost::asio::buffer_sequence_end(buffers); ++buffer) {
        const boost::asio::const_buffer part(*buffer);
        text.append(static_cast<const char*>(part.data()), part.size());
      }
      return more;
    }

    void finish(boost::beast::error_code& error) { error = {}; }

   private:
    // Twice as much each time, because what is there is copied, but no more than is to come.
    bool Reserve(size_t least) {
      size_t bytes = std::max(least, 2 * value_.text->capacity());
      if (claimed_ > 0) bytes = std::max(least, std::min<size_t>(bytes, claimed_));
      if (!value_.share->Resize(bytes)) return false;
      value_.text->reserve(bytes);
      return true;
    }

    value_type& value_;
    uint64_t claimed_ = 0;
  };
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_COUNTED_BODY_H_
