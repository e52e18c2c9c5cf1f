#include "nn/datasets/digits.h"

#include <charconv>
#include <span>

#include "nn/files/gzip.h"

namespace nn::datasets {

// The contents of digits.csv.gz, which the build embeds into the library. A line contains an image,
// row by row, and its label.
extern const unsigned char kDigitsFile[];
extern const std::size_t kDigitsFileSize;

TrainTest get_digits(const ImageOptions& options) {
  constexpr std::int64_t kExamples = 1797, kTrain = 1500, kSide = 8;
  const Bytes csv = gunzip(std::as_bytes(std::span(kDigitsFile, kDigitsFileSize)), "digits.csv.gz");
  Array images = Array::empty({kExamples, kSide, kSide}, autograd::Dtype::uint8);
  Array labels = Array::empty({kExamples}, autograd::Dtype::uint8);
  std::uint8_t* pixel = images.mutable_data<std::uint8_t>();
  std::uint8_t* label = labels.mutable_data<std::uint8_t>();
  const char* text = reinterpret_cast<const char*>(csv.data());
  const char* end = text + csv.size();
  for (std::int64_t i = 0; i < kExamples; ++i) {
    for (std::int64_t j = 0; j < kSide * kSide; ++j)
      text = std::from_chars(text, end, *pixel++).ptr + 1;
    text = std::from_chars(text, end, *label++).ptr + 1;
  }
  const auto part = [&](std::int64_t start, std::int64_t count) {
    constexpr double kBrightest = 16;
    return image_dataset(images.slice(0, start, count), labels.slice(0, start, count), kBrightest,
                         options);
  };
  return {part(0, kTrain), part(kTrain, kExamples - kTrain)};
}

std::string_view digits_attribution() {
  return "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI Machine Learning "
         "Repository, "
         "CC BY 4.0";
}

}  // namespace nn::datasets
