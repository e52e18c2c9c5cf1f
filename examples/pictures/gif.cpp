#include "examples/pictures/gif.h"

#include <fmt/format.h>
#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "autograd/base/error.h"
#include "nn/files/write_file.h"

namespace pictures {
namespace {

using autograd::Error;
using Bytes = std::vector<std::uint8_t>;

// All frames, as indices into a common table of colours.
struct Indexed {
  std::vector<GifColorType> colors;
  std::vector<Bytes> frames;  // an index into the table for each pixel
};

Indexed index_greys(std::span<const Image> frames, int shades) {
  Indexed result;
  for (int i = 0; i < shades; ++i) {
    const auto level = static_cast<GifByteType>(std::lround(255. * i / (shades - 1)));
    result.colors.push_back({level, level, level});
  }
  for (const Image& frame : frames) {
    Bytes& indices = result.frames.emplace_back();
    for (const std::uint8_t pixel : frame.pixels)
      indices.push_back(static_cast<std::uint8_t>(std::lround(pixel * (shades - 1) / 255.)));
  }
  return result;
}

// Makes a table of exactly the colours of the frames; returns no frames if there are more than
// `most` colours.
Indexed index_few_colors(std::span<const Image> frames, std::size_t most) {
  Indexed result;
  std::unordered_map<std::uint32_t, std::uint8_t> known;
  for (const Image& frame : frames) {
    Bytes& indices = result.frames.emplace_back();
    for (std::size_t i = 0; i < frame.pixels.size(); i += 3) {
      const GifColorType color{frame.pixels[i], frame.pixels[i + 1], frame.pixels[i + 2]};
      const std::uint32_t key =
          color.Red | std::uint32_t{color.Green} << 8 | std::uint32_t{color.Blue} << 16;
      const auto [place, is_new] = known.try_emplace(key, std::uint8_t(known.size()));
      if (is_new && known.size() > most) return {};
      if (is_new) result.colors.push_back(color);
      indices.push_back(place->second);
    }
  }
  return result;
}

// Makes a table with giflib's median cut, from all frames together.
Indexed index_many_colors(std::span<const Image> frames, int most) {
  const std::size_t area = frames[0].pixels.size() / 3;
  std::array<Bytes, 3> planes;
  for (const Image& frame : frames)
    for (std::size_t i = 0; i < frame.pixels.size(); ++i) planes[i % 3].push_back(frame.pixels[i]);
  Bytes indices(planes[0].size());
  Indexed result;
  result.colors.resize(256);
  const auto height = static_cast<unsigned>(std::size_t(frames[0].height) * frames.size());
  if (GifQuantizeBuffer(unsigned(frames[0].width), height, &most, planes[0].data(),
                        planes[1].data(), planes[2].data(), indices.data(),
                        result.colors.data()) == GIF_ERROR)
    throw Error("write_gif: the frames must fit into memory, but giflib ran out of memory");
  result.colors.resize(std::size_t(most));
  for (auto at = indices.begin(); at != indices.end(); at += std::ptrdiff_t(area))
    result.frames.emplace_back(at, at + std::ptrdiff_t(area));
  return result;
}

Indexed indexed(std::span<const Image> frames, int shades) {
  if (frames[0].channels == 1) return index_greys(frames, shades);
  constexpr int kMost = 255;  // leaves one colour for unchanged pixels
  Indexed result = index_few_colors(frames, kMost);
  return result.frames.empty() ? index_many_colors(frames, kMost) : result;
}

int append(GifFileType* file, const GifByteType* bytes, int count) {
  auto& all = *static_cast<Bytes*>(file->UserData);
  all.insert(all.end(), bytes, bytes + count);
  return count;
}

struct Close {
  void operator()(GifFileType* file) const { EGifCloseFile(file, nullptr); }
  void operator()(ColorMapObject* colors) const { GifFreeMapObject(colors); }
};

// Encoding into memory fails only if memory runs out.
void check(bool worked) {
  if (!worked)
    throw Error("write_gif: the file must fit into memory, but giflib ran out of memory");
}

// Writes the parts of a GIF in order.
class Encoder {
 public:
  Encoder(int width, int height, const std::vector<GifColorType>& colors)
      : file_(EGifOpen(&bytes_, append, nullptr)), width_(width), height_(height) {
    check(file_ != nullptr);
    int size = 2;  // the size of a table must be a power of two
    while (size < int(colors.size())) size *= 2;
    const std::unique_ptr<ColorMapObject, Close> table(GifMakeMapObject(size, nullptr));
    check(table != nullptr);
    std::copy(colors.begin(), colors.end(), table->Colors);
    EGifSetGifVersion(file_.get(), true);
    check(EGifPutScreenDesc(file_.get(), width, height, 8, 0, table.get()) == GIF_OK);
  }

  // Netscape's extension: the film repeats forever.
  void put_loop() {
    constexpr std::array<GifByteType, 3> kForever{1, 0, 0};
    check(EGifPutExtensionLeader(file_.get(), APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
          EGifPutExtensionBlock(file_.get(), 11, "NETSCAPE2.0") == GIF_OK &&
          EGifPutExtensionBlock(file_.get(), int(kForever.size()), kForever.data()) == GIF_OK &&
          EGifPutExtensionTrailer(file_.get()) == GIF_OK);
  }

  // Pixels with the index `transparent` keep their previous colour.
  void put_frame(Bytes indices, int delay, int transparent) {
    const GraphicsControlBlock control{DISPOSE_DO_NOT, false, delay, transparent};
    std::array<GifByteType, 4> extension{};
    const std::size_t size = EGifGCBToExtension(&control, extension.data());
    check(EGifPutExtension(file_.get(), GRAPHICS_EXT_FUNC_CODE, int(size), extension.data()) ==
              GIF_OK &&
          EGifPutImageDesc(file_.get(), 0, 0, width_, height_, false, nullptr) == GIF_OK);
    for (int y = 0; y < height_; ++y)
      check(EGifPutLine(file_.get(), &indices[std::size_t(y) * std::size_t(width_)], width_) ==
            GIF_OK);
  }

  Bytes finish() {
    check(EGifCloseFile(file_.release(), nullptr) == GIF_OK);
    return std::move(bytes_);
  }

 private:
  Bytes bytes_;
  std::unique_ptr<GifFileType, Close> file_;
  int width_, height_;
};

void check_frames(std::span<const Image> frames) {
  if (frames.empty()) throw Error("write_gif: there must be a frame, but there is none");
  const Image& first = frames[0];
  constexpr int kMost = 65535;
  for (const Image& frame : frames) {
    const std::size_t bytes =
        frame.width < 1 || frame.height < 1
            ? 0
            : std::size_t(frame.width) * std::size_t(frame.height) * std::size_t(frame.channels);
    const bool known = frame.channels == 1 || frame.channels == 3;
    if (!known || bytes == 0 || frame.pixels.size() != bytes || frame.width > kMost ||
        frame.height > kMost || frame.width != first.width || frame.height != first.height ||
        frame.channels != first.channels)
      throw Error(fmt::format(
          "write_gif: frames must be images of one size up to {} and of 1 or 3 channels, but the "
          "first is {} x {} with {} channels and one is {} x {} with {} channels and {} bytes",
          kMost, first.width, first.height, first.channels, frame.width, frame.height,
          frame.channels, frame.pixels.size()));
  }
}

}  // namespace

void write_gif(const std::string& path, std::span<const Image> frames, GifOptions options) {
  check_frames(frames);
  if (options.delay < 0 || options.delay > 65535 || options.shades < 2 || options.shades > 256)
    throw Error(fmt::format(
        "write_gif: delay must lie in 0..65535 and shades in 2..256, but they are {} and {}",
        options.delay, options.shades));
  Indexed all = indexed(frames, options.shades);

  // If a colour is free, it marks unchanged pixels: long runs of one colour take few bytes.
  int mark = NO_TRANSPARENT_COLOR;
  if (all.colors.size() < 256) {
    mark = int(all.colors.size());
    all.colors.push_back({0, 0, 0});
  }
  Encoder encoder(frames[0].width, frames[0].height, all.colors);
  if (frames.size() > 1) encoder.put_loop();
  for (std::size_t f = 0; f < all.frames.size(); ++f) {
    Bytes indices = all.frames[f];
    for (std::size_t i = 0; f > 0 && mark >= 0 && i < indices.size(); ++i)
      if (indices[i] == all.frames[f - 1][i]) indices[i] = std::uint8_t(mark);
    encoder.put_frame(std::move(indices), options.delay, mark);
  }
  const std::vector<std::uint8_t> bytes = encoder.finish();
  nn::write_file(path, std::as_bytes(std::span(bytes)), "write_gif");
}

}  // namespace pictures
