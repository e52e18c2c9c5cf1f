#include "nn/files/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <string>

#include "autograd/base/error.h"

namespace nn::inline files {

using autograd::Error;

namespace {

constexpr int kGzip = 16 + MAX_WBITS;  // selects the gzip format in zlib

// zlib counts bytes in 32 bits, so it gets at most this number of bytes at a time.
constexpr std::size_t kMost = 1u << 30;
uInt portion(std::size_t bytes) { return static_cast<uInt>(std::min(bytes, kMost)); }

Bytef* pointer(const std::byte* p) { return reinterpret_cast<Bytef*>(const_cast<std::byte*>(p)); }

// Unpacks a gzip file with zlib.
class Gunzip {
 public:
  Gunzip(ByteSource file, std::string_view what)
      : file_(std::move(file)), what_(what), packed_(1u << 16) {
    if (inflateInit2(&stream_, kGzip) != Z_OK) throw std::bad_alloc();
  }
  ~Gunzip() { inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  std::size_t read(std::span<std::byte> room) {
    stream_.next_out = pointer(room.data());
    stream_.avail_out = portion(room.size());
    const uInt wanted = stream_.avail_out;
    while (!finished_ && stream_.avail_out == wanted) step();
    return wanted - stream_.avail_out;
  }

 private:
  void step() {
    if (stream_.avail_in == 0) {
      const std::size_t n = file_(packed_);
      size_ += n;
      stream_.next_in = pointer(packed_.data());
      stream_.avail_in = static_cast<uInt>(n);
      if (n == 0 && between_) {
        finished_ = true;
        return;
      }
      if (n == 0)
        throw Error(
            fmt::format("gzip: {} must be a complete gzip file, but it is truncated after {} bytes",
                        what_, size_));
    }
    if (between_) inflateReset(&stream_);  // a gzip file may consist of several parts
    const int status = inflate(&stream_, Z_NO_FLUSH);
    between_ = status == Z_STREAM_END;
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
      throw Error(fmt::format("gzip: {} must be a valid gzip file, but: {}", what_,
                              stream_.msg ? stream_.msg : "it is damaged"));
  }

  ByteSource file_;
  std::string what_;
  Bytes packed_;
  z_stream stream_{};
  std::uint64_t size_ = 0;  // the number of bytes read from the file
  // Whether one part has ended and another may follow; and whether the whole file has ended.
  bool between_ = false, finished_ = false;
};

}  // namespace

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

ByteSource gunzipped(ByteSource file, std::string_view what) {
  return [unzip = std::make_shared<Gunzip>(std::move(file), what)](std::span<std::byte> room) {
    return unzip->read(room);
  };
}

ByteSource plain(ByteSource file, std::string_view what) {
  const Bytes begin = take(file, 2);
  ByteSource whole = [begin, from = std::size_t{0},
                      rest = std::move(file)](std::span<std::byte> room) mutable {
    if (from == begin.size()) return rest(room);
    room[0] = begin[from++];
    return std::size_t{1};
  };
  return is_gzip(begin) ? gunzipped(std::move(whole), what) : whole;
}

Bytes gunzip(std::span<const std::byte> bytes, std::string_view what, std::uint64_t most) {
  const ByteSource source =
      at_most(most, gunzipped(memory_source(bytes), what), fmt::format("gzip: {}", what));
  return take(source, std::numeric_limits<std::uint64_t>::max());
}

Bytes gzip(std::span<const std::byte> bytes) {
  z_stream stream{};
  constexpr int kLevel = 6, kMemory = 8;
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, deflateEnd);
  Bytes out(deflateBound(&stream, bytes.size()));
  std::size_t in = 0, filled = 0;
  for (int status = Z_OK; status != Z_STREAM_END;) {
    stream.next_in = pointer(bytes.data() + in);
    stream.avail_in = portion(bytes.size() - in);
    stream.next_out = pointer(out.data() + filled);
    stream.avail_out = portion(out.size() - filled);
    const uInt given = stream.avail_in, room = stream.avail_out;
    status = deflate(&stream, in + given == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    in += given - stream.avail_in;
    filled += room - stream.avail_out;
  }
  out.resize(filled);
  return out;
}

}  // namespace nn::inline files
