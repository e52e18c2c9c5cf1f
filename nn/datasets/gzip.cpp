#include "nn/datasets/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "autograd/base/error.h"

namespace nn::datasets {

using autograd::Error;

namespace {

constexpr int kGzip = 16 + MAX_WBITS;  // zlib's sign for the gzip format

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// zlib counts in 32 bits, so that it is given at most this much at a time.
constexpr std::size_t kMost = 1u << 30;
uInt portion(std::size_t bytes) { return static_cast<uInt>(std::min(bytes, kMost)); }

Bytef* pointer(const std::byte* p) { return reinterpret_cast<Bytef*>(const_cast<std::byte*>(p)); }

}  // namespace

Bytes read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  Bytes bytes;
  std::size_t n = 0;
  errno = file ? 0 : errno;
  while (file) {
    bytes.resize(n + (1u << 20));
    const std::size_t got = std::fread(bytes.data() + n, 1, bytes.size() - n, file.get());
    n += got;
    if (got == 0) break;
  }
  if (!file || std::ferror(file.get()))
    throw Error(fmt::format("read: {} must be readable, but: {}", path, std::strerror(errno)));
  bytes.resize(n);
  return bytes;
}

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

Bytes gunzip(std::span<const std::byte> bytes, std::string_view what) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzip) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  Bytes out;
  std::size_t in = 0, filled = 0;
  for (;;) {
    if (filled == out.size()) out.resize(std::max<std::size_t>(1u << 20, 2 * out.size()));
    stream.next_in = pointer(bytes.data() + in);
    stream.avail_in = portion(bytes.size() - in);
    stream.next_out = pointer(out.data() + filled);
    stream.avail_out = portion(out.size() - filled);
    const uInt given = stream.avail_in, room = stream.avail_out;
    const int status = inflate(&stream, Z_NO_FLUSH);
    in += given - stream.avail_in;
    filled += room - stream.avail_out;
    if (status == Z_STREAM_END) {
      if (in == bytes.size()) break;
      inflateReset(&stream);  // a gzip file may be several, one after another
    } else if (status == Z_BUF_ERROR ||
               (status == Z_OK && in == bytes.size() && stream.avail_out > 0)) {
      throw Error(
          fmt::format("gzip: {} must be a whole gzip file, but it is cut off after {} bytes", what,
                      bytes.size()));
    } else if (status != Z_OK) {
      throw Error(fmt::format("gzip: {} must be a sound gzip file, but: {}", what,
                              stream.msg ? stream.msg : "it is damaged"));
    }
  }
  out.resize(filled);
  return out;
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

}  // namespace nn::datasets
