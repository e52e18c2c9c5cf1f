#include "examples/pictures/gif.h"

#include <gif_lib.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/base/error.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace pictures {
namespace {

using autograd::Error;

// What a viewer shows, frame after frame, in three channels.
struct Film {
  std::vector<Image> frames;
  std::vector<int> delays;
  bool repeats = false;
};

Film read_gif(const std::string& path) {
  const auto close = [](GifFileType* f) { DGifCloseFile(f, nullptr); };
  const std::unique_ptr<GifFileType, decltype(close)> file(DGifOpenFileName(path.c_str(), nullptr),
                                                           close);
  if (!file || DGifSlurp(file.get()) != GIF_OK) throw std::runtime_error(path + " is no GIF");
  Film film;
  Image shown{file->SWidth, file->SHeight, 3, {}};
  shown.pixels.resize(std::size_t(shown.width) * std::size_t(shown.height) * 3);
  for (int f = 0; f < file->ImageCount; ++f) {
    const SavedImage& saved = file->SavedImages[f];
    GraphicsControlBlock control{};
    DGifSavedExtensionToGCB(file.get(), f, &control);
    for (int i = 0; i < shown.width * shown.height; ++i) {
      const int index = saved.RasterBits[i];
      if (index == control.TransparentColor) continue;
      const GifColorType& color = file->SColorMap->Colors[index];
      std::uint8_t* pixel = &shown.pixels[3 * std::size_t(i)];
      pixel[0] = color.Red;
      pixel[1] = color.Green;
      pixel[2] = color.Blue;
    }
    film.frames.push_back(shown);
    film.delays.push_back(control.DelayTime);
    for (int e = 0; e < saved.ExtensionBlockCount; ++e)
      film.repeats = film.repeats || saved.ExtensionBlocks[e].Function == APPLICATION_EXT_FUNC_CODE;
  }
  return film;
}

Image as_rgb(const Image& grey) {
  Image rgb{grey.width, grey.height, 3, {}};
  for (const std::uint8_t pixel : grey.pixels) rgb.pixels.insert(rgb.pixels.end(), 3, pixel);
  return rgb;
}

// Frames in which some pixels change and some stay.
std::vector<Image> film_of(int count, int width, int height, int channels, int colors) {
  std::vector<Image> frames;
  for (int f = 0; f < count; ++f) {
    Image frame{width, height, channels, {}};
    for (int i = 0; i < width * height; ++i) {
      const int color = (i % 3 == 0 ? i : i * 7 + f * 5) % colors;
      for (int c = 0; c < channels; ++c)
        frame.pixels.push_back(std::uint8_t(channels == 1 ? color : color * (2 * c + 1) + c));
    }
    frames.push_back(frame);
  }
  return frames;
}

int largest_difference(const Image& a, const Image& b) {
  int largest = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    largest = std::max(largest, std::abs(int(a.pixels[i]) - int(b.pixels[i])));
  return largest;
}

TEST(Gif, KeepsAllGreysExactlyWhereAsked) {
  const Folder folder;
  const std::vector<Image> frames = film_of(4, 37, 23, 1, 256);
  write_gif(folder / "film.gif", frames, {.delay = 11, .shades = 256});
  const Film film = read_gif(folder / "film.gif");
  ASSERT_EQ(film.frames.size(), 4u);
  for (std::size_t f = 0; f < 4; ++f) EXPECT_EQ(film.frames[f], as_rgb(frames[f])) << f;
  EXPECT_EQ(film.delays, std::vector<int>(4, 11));
  EXPECT_TRUE(film.repeats);
}

TEST(Gif, RoundsGreysToTheNearestShade) {
  const Folder folder;
  const std::vector<Image> frames = film_of(5, 37, 23, 1, 256);
  for (const int shades : {2, 3, 63, 64, 255}) {
    write_gif(folder / "film.gif", frames, {.shades = shades});
    const Film film = read_gif(folder / "film.gif");
    ASSERT_EQ(film.frames.size(), 5u);
    const int half = int(std::ceil(127.5 / (shades - 1)));
    for (std::size_t f = 0; f < 5; ++f)
      EXPECT_LE(largest_difference(film.frames[f], as_rgb(frames[f])), half) << shades << " " << f;
  }
}

TEST(Gif, KeepsUpTo255ColorsExactly) {
  const Folder folder;
  for (const int colors : {1, 2, 17, 255}) {
    const std::vector<Image> frames = film_of(3, 40, 20, 3, colors);
    write_gif(folder / "film.gif", frames);
    const Film film = read_gif(folder / "film.gif");
    ASSERT_EQ(film.frames.size(), 3u);
    for (std::size_t f = 0; f < 3; ++f) EXPECT_EQ(film.frames[f], frames[f]) << colors << " " << f;
  }
}

// A plane of 32 x 32 x 3 colours.
TEST(Gif, ComesNearManyColors) {
  const Folder folder;
  std::vector<Image> frames;
  for (int f = 0; f < 3; ++f) {
    Image frame{32, 32, 3, {}};
    for (int i = 0; i < 1024; ++i)
      for (const int value : {i % 32 * 8, i / 32 * 8, f * 100})
        frame.pixels.push_back(std::uint8_t(value));
    frames.push_back(frame);
  }
  write_gif(folder / "film.gif", frames);
  const Film film = read_gif(folder / "film.gif");
  ASSERT_EQ(film.frames.size(), 3u);
  // 3072 colours are halved until there are 255 cells: of at most 8 by 4 steps of 8, so a mean is
  // 3.5 steps away, and giflib looks at the upper five bits only, which leave up to 7.
  for (std::size_t f = 0; f < 3; ++f)
    EXPECT_LE(largest_difference(film.frames[f], frames[f]), 28 + 7);
}

TEST(Gif, FramesThatStayTakeFewBytes) {
  const Folder folder;
  const std::vector<Image> changing = film_of(20, 100, 100, 1, 250);
  write_gif(folder / "still.gif", std::vector<Image>(20, changing[0]));
  write_gif(folder / "changing.gif", changing);
  EXPECT_LT(20 * 200u + 10'000, std::filesystem::file_size(folder / "changing.gif"));
  EXPECT_LT(std::filesystem::file_size(folder / "still.gif"), 20 * 200u + 10'000);
}

TEST(Gif, SinglePictureDoesNotRepeat) {
  const Folder folder;
  write_gif(folder / "one.gif", film_of(1, 1, 1, 1, 5));
  const Film film = read_gif(folder / "one.gif");
  EXPECT_EQ(film.frames.size(), 1u);
  EXPECT_FALSE(film.repeats);
}

TEST(Gif, RefusesWhatIsNoFilm) {
  const Folder folder;
  const std::string path = folder / "film.gif";
  std::vector<Image> frames = film_of(2, 4, 3, 1, 9);
  EXPECT_EQ(message_of<Error>([&] { write_gif(path, {}); }),
            "write_gif: there must be a frame, but there is none");
  EXPECT_EQ(message_of<Error>([&] { write_gif(path, frames, {.delay = -1}); }),
            "write_gif: delay must lie in 0..65535 and shades in 2..256, but they are -1 and 63");
  EXPECT_EQ(message_of<Error>([&] { write_gif(path, frames, {.shades = 1}); }),
            "write_gif: delay must lie in 0..65535 and shades in 2..256, but they are 6 and 1");
  frames[1] = film_of(1, 3, 4, 1, 9)[0];
  EXPECT_EQ(message_of<Error>([&] { write_gif(path, frames); }),
            "write_gif: frames must be images of one size up to 65535 and of 1 or 3 channels, but "
            "the first is 4 x 3 with 1 channels and one is 3 x 4 with 1 channels and 12 bytes");
  frames[0].pixels.pop_back();
  EXPECT_THROW(write_gif(path, frames), Error);
  frames[0] = {65536, 1, 1, std::vector<std::uint8_t>(65536)};
  EXPECT_THROW(write_gif(path, frames), Error);
  EXPECT_EQ(folder.number_of_files(), 0u);
}

TEST(Gif, AppearsWholeOrNotAtAll) {
  const Folder folder;
  const std::vector<Image> frames = film_of(2, 4, 3, 1, 9);
  EXPECT_EQ(message_of<Error>([&] { write_gif(folder / "none/film.gif", frames); }),
            "write_gif: " + (folder / "none/film.gif") +
                " must be writable, but writing failed: No such file or directory");
  std::filesystem::create_directory(folder / "film.gif");
  EXPECT_EQ(message_of<Error>([&] { write_gif(folder / "film.gif", frames); }),
            "write_gif: " + (folder / "film.gif") +
                " must be writable, but writing failed: Is a directory");
  EXPECT_EQ(folder.number_of_files(), 1u);  // the folder alone: no temporary file is left
}

}  // namespace
}  // namespace pictures
