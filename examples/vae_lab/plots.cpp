#include "examples/vae_lab/plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

#include "autograd/graph/config.h"
#include "examples/pictures/draw_results.h"
#include "examples/pictures/gif.h"
#include "examples/pictures/image.h"
#include "examples/pictures/tiles.h"
#include "examples/vae_lab/classes.h"
#include "nn/plot/plot.h"

namespace vae::lab {
namespace {

using autograd::Array;
using pictures::Image;

constexpr int kClasses = 10;     // the greatest number of classes in a picture
constexpr double kMapReach = 2;  // the map shows each unit from -2 to 2

// The rows of x as images.
std::vector<Image> images_of(const Array& x, const ImageSet& set) {
  const std::vector<float> values = x.to_vector<float>();
  const auto pixels = static_cast<std::size_t>(x.length(1));
  std::vector<Image> images;
  for (std::size_t at = 0; at < values.size(); at += pixels)
    images.push_back(
        pictures::grey_image(std::span(values).subspan(at, pixels), set.width, set.height));
  return images;
}

std::vector<Image> enlarged(std::vector<Image> images, int factor) {
  for (Image& image : images) image = pictures::enlarge(image, factor);
  return images;
}

// A number as the label of an axis, with a typographic minus sign.
std::string number(double value) {
  return value < 0 ? fmt::format("−{:g}", -value) : fmt::format("{:g}", value);
}

// Labels for every `step`th of the values.
std::vector<std::string> labels_of(std::span<const double> values, std::size_t step) {
  std::vector<std::string> labels(values.size());
  for (std::size_t i = 0; i < values.size(); i += step) labels[i] = number(values[i]);
  return labels;
}

// A typical test image of each class, or the first test images, and their codes.
struct Digits {
  std::vector<std::int64_t> numbers;  // among the test images
  std::vector<std::string> names;     // the classes, or "image 3"
  std::vector<Code> codes;
};

std::string name_of(const ImageSet& set, std::int64_t number) {
  if (!set.test_labels) return fmt::format("image {}", number);
  return fmt::format("{:.0f}", set.test_labels->select(0, number).item());
}

// Test images in the form that the model accepts.
Array told(const Codec& codec, const ImageSet& set, std::span<const std::int64_t> numbers) {
  const Array x = vae::rows(set.test, numbers);
  if (codec.classes() == 0) return x;
  const Array labels = vae::rows(*set.test_labels, numbers);
  return with_classes(x, labels, codec.classes());
}

Digits digits_of(const Codec& codec, const ImageSet& set) {
  Digits digits{typical_images(set, kClasses), {}, {}};
  for (const std::int64_t i : digits.numbers) digits.names.push_back(name_of(set, i));
  digits.codes = codec.encode(told(codec, set, digits.numbers));
  return digits;
}

// Maps [0, 1] to [0, 1] with a slope of 0 at both ends, where a film turns round or rests on a
// digit.
double eased(double t) { return (1 - std::cos(std::numbers::pi * t)) / 2; }

pictures::Tiles reconstructions(const Codec& codec, const ImageSet& set) {
  constexpr int kEach = 2;
  std::vector<std::int64_t> numbers = images_to_show(set, kClasses, kEach);
  int each = kEach;
  if (std::ssize(numbers) < kEach) {  // a tiny set
    numbers = images_to_show(set, kClasses, 1);
    each = 1;
  }
  pictures::Tiles tiles;
  tiles.columns = static_cast<int>(numbers.size()) / each;
  tiles.factor = pictures::factor_for(84, 1, std::max(set.width, set.height));
  tiles.rows_in_group = 2;
  for (int group = 0; group < each; ++group) {
    std::vector<std::int64_t> shown;
    for (int column = 0; column < tiles.columns; ++column)
      shown.push_back(numbers[static_cast<std::size_t>(column * each + group)]);
    const Array x = vae::rows(set.test, shown);
    for (const Array& row : {x, codec.decode(codec.encode(told(codec, set, shown)))})
      for (const Image& image : images_of(row, set)) tiles.images.push_back(image);
    tiles.row_labels.insert(tiles.row_labels.end(), {"input", "reconstruction"});
    if (set.test_labels && group == 0)
      for (const std::int64_t i : shown) tiles.column_labels.push_back(name_of(set, i));
  }
  return tiles;
}

pictures::Tiles interpolation(const Codec& codec, const ImageSet& set, const Digits& digits) {
  const std::vector<double> steps = spread(0, 1, 9);
  pictures::Tiles tiles;
  tiles.columns = static_cast<int>(steps.size()) + 2;
  tiles.factor = pictures::factor_for(84, 1, std::max(set.width, set.height));
  tiles.column_labels = labels_of(steps, 4);
  tiles.column_labels.insert(tiles.column_labels.begin(), "input");
  tiles.column_labels.push_back("input");
  tiles.x_label = "weight of the second code; the outer columns show the two inputs";
  std::vector<Code> codes;
  const std::size_t n = digits.codes.size();
  for (std::size_t i = 0; i < std::min<std::size_t>(n, 9); ++i) {
    const std::size_t next = (i + 1) % n;
    for (const double t : steps) codes.push_back(between(digits.codes[i], digits.codes[next], t));
    tiles.row_labels.push_back(
        set.test_labels ? digits.names[i] + " → " + digits.names[next]
                        : fmt::format("{} → {}", digits.numbers[i], digits.numbers[next]));
  }
  if (!set.test_labels) tiles.y_label = "test images";
  const std::vector<Image> inputs = images_of(vae::rows(set.test, digits.numbers), set);
  const std::vector<Image> decoded = images_of(codec.decode(codes), set);
  for (std::size_t i = 0; i < tiles.row_labels.size(); ++i) {
    const auto row = decoded.begin() + static_cast<std::ptrdiff_t>(i * steps.size());
    tiles.images.push_back(inputs[i]);
    tiles.images.insert(tiles.images.end(), row, row + std::ssize(steps));
    tiles.images.push_back(inputs[(i + 1) % n]);
  }
  return tiles;
}

// From each digit to the next one, and from the last to the first.
std::vector<Image> interpolation_film(const Codec& codec, const ImageSet& set,
                                      const Digits& digits) {
  constexpr int kSteps = 14;
  std::vector<Code> codes;
  for (std::size_t i = 0; i < digits.codes.size(); ++i)
    for (int step = 0; step < kSteps; ++step)
      codes.push_back(between(digits.codes[i], digits.codes[(i + 1) % digits.codes.size()],
                              eased(double(step) / kSteps)));
  return enlarged(images_of(codec.decode(codes), set),
                  pictures::factor_for(224, 1, std::max(set.width, set.height)));
}

// For each t in `shares`, a picture of every pair of digits: the code is (1 - t) times the code of
// the row's digit plus t times the code of the column's digit.
std::vector<Image> montages(const Codec& codec, const ImageSet& set, const Digits& digits,
                            std::span<const double> shares) {
  std::vector<std::vector<Image>> decoded;
  for (const double t : shares) {
    std::vector<Code> codes;
    for (const Code& from : digits.codes)
      for (const Code& to : digits.codes) codes.push_back(between(from, to, t));
    decoded.push_back(images_of(codec.decode(codes), set));
  }
  pictures::Tiles tiles;
  tiles.columns = static_cast<int>(digits.codes.size());
  tiles.factor = pictures::factor_for(560, tiles.columns, std::max(set.width, set.height));
  tiles.gap = 2;
  tiles.row_labels = tiles.column_labels = digits.names;
  tiles.x_label = "to";
  tiles.y_label = "from";
  return pictures::pictures_of(tiles, decoded);
}

std::vector<Image> montage_film(const Codec& codec, const ImageSet& set, const Digits& digits) {
  constexpr int kSteps = 14;
  std::vector<double> shares;
  for (int step = 0; step <= kSteps; ++step) shares.push_back(eased(double(step) / kSteps));
  std::vector<Image> frames = montages(codec, set, digits, shares);
  for (int step = kSteps - 1; step > 0; --step)
    frames.push_back(frames[static_cast<std::size_t>(step)]);
  return frames;
}

// The digit whose code or class is the starting point of a picture: a 3.
std::size_t digit_to_vary(const Digits& digits) {
  return std::min<std::size_t>(3, digits.codes.size() - 1);
}

pictures::Tiles traversals(const Codec& codec, const ImageSet& set, const Digits& digits) {
  constexpr std::size_t kUnits = 10;
  const std::vector<double> values = spread(-3, 3, 13);
  const std::size_t digit = digit_to_vary(digits);
  pictures::Tiles tiles;
  tiles.columns = static_cast<int>(values.size());
  tiles.factor = pictures::factor_for(64, 1, std::max(set.width, set.height));
  tiles.column_labels = labels_of(values, 2);
  tiles.labels_below = true;
  tiles.x_label = fmt::format("value of one unit; the other units are those of the code of {}{}",
                              set.test_labels ? "a " : "", digits.names[digit]);
  std::vector<Code> codes;
  for (const Codec::Unit& unit :
       codec.most_active(with_classes(set.test, set.test_labels, codec.classes()), kUnits)) {
    for (Code& code : traversal(digits.codes[digit], unit.index, values))
      codes.push_back(std::move(code));
    tiles.row_labels.push_back(fmt::format("z[{}], KL {:.2f}", unit.index, std::abs(unit.kl)));
  }
  tiles.images = images_of(codec.decode(codes), set);
  return tiles;
}

nn::plot::Figure latent_space(const Codec& codec, const ImageSet& set) {
  const std::int64_t count = std::min<std::int64_t>(5000, set.test.length(0));
  const std::vector<Code> codes =
      codec.encode(with_classes(set.test, set.test_labels, codec.classes()).slice(0, 0, count));
  std::vector<int> labels(codes.size(), 0);
  if (set.test_labels) labels = set.test_labels->slice(0, 0, count).to_vector<int>();
  const int classes = set.test_labels ? set.classes : 1;

  nn::plot::Panel panel{.title = fmt::format("Codes of {} test images", count),
                        .x_label = "z[0]",
                        .y_label = "z[1]",
                        .square = true};
  for (int c = 0; c < classes; ++c)
    panel.series.push_back({.name = set.test_labels ? fmt::format("{}", c) : "",
                            .line = nn::plot::Line::none,
                            .marker = "."});
  for (std::size_t i = 0; i < codes.size(); ++i) {
    nn::plot::Series& series = panel.series[static_cast<std::size_t>(labels[i])];
    series.x.push_back(codes[i][0]);
    series.y.push_back(codes[i][1]);
  }
  // The limits of latent_map.png.
  panel.vertical = {{.at = -kMapReach}, {.at = kMapReach, .name = "latent_map.png"}};
  panel.horizontal = {{.at = -kMapReach}, {.at = kMapReach}};
  return {.panels = {panel}, .width = 860, .height = 720};
}

pictures::Tiles latent_map(const Codec& codec, const ImageSet& set, const Digits& digits) {
  const std::vector<double> values = spread(-kMapReach, kMapReach, 25);
  pictures::Tiles tiles;
  tiles.columns = static_cast<int>(values.size());
  tiles.factor = pictures::factor_for(820, tiles.columns, 1 + std::max(set.width, set.height));
  tiles.gap = tiles.factor;  // as wide as an enlarged pixel
  tiles.dark_gaps = true;
  tiles.column_labels = labels_of(values, 6);
  tiles.row_labels = {tiles.column_labels.rbegin(), tiles.column_labels.rend()};
  tiles.labels_below = true;
  tiles.x_label = "z[0]";
  tiles.y_label = "z[1]";
  std::vector<Code> codes = map_of(values);
  if (codec.classes() > 0) {  // all codes get the same class
    const std::size_t digit = digit_to_vary(digits);
    for (Code& code : codes)
      code.insert(code.end(), digits.codes[digit].begin() + 2, digits.codes[digit].end());
    tiles.x_label = fmt::format("z[0], for the class {}", digits.names[digit]);
  }
  tiles.images = images_of(codec.decode(codes), set);
  return tiles;
}

// In each row, one z decoded with every class.
pictures::Tiles samples(const Model& model, const ImageSet& set) {
  constexpr int kDraws = 5;
  pictures::Tiles tiles;
  tiles.columns = model.classes;
  tiles.factor = pictures::factor_for(84, 1, std::max(set.width, set.height));
  tiles.images = images_of(model.decode(model.sample(kDraws)).array(), set);
  for (int c = 0; c < model.classes; ++c) tiles.column_labels.push_back(fmt::format("{}", c));
  for (int draw = 1; draw <= kDraws; ++draw)
    tiles.row_labels.push_back(fmt::format("sample {}", draw));
  tiles.x_label = "class given to the decoder; each row is one sample of z";
  return tiles;
}

}  // namespace

void save_images(const Model& model, const ImageSet& images, const std::string& out_dir) {
  const auto testing = autograd::using_config(&autograd::Config::train, false);
  const auto no_graph = autograd::no_backprop_mode();
  const auto reconstruct = [&](const Array& x) { return reconstructed(model, x); };
  if (model.classes == 0)
    return vae::save_images(
        reconstruct, [&](int n) { return model.decode(model.sample(n)).array(); }, images, out_dir);
  const auto save = [&](const std::string& name, const Array& x, const Array& labels,
                        std::span<const std::int64_t> shown) {
    const Array pixels = vae::rows(x, shown);
    save3x3(pixels, images, out_dir + "/" + name + ".png");
    save3x3(reconstruct(with_classes(pixels, vae::rows(labels, shown), model.classes)), images,
            out_dir + "/" + name + "_reconstructed.png");
  };
  save("train", images.train, *images.train_labels, kTrainShown);
  save("test", images.test, *images.test_labels, kTestShown);
  pictures::write_tiles(out_dir + "/sampled.png", samples(model, images));
}

std::vector<std::string> save_plots(const Codec& codec, const ImageSet& images,
                                    const std::string& folder, std::vector<std::string>& missing) {
  std::vector<std::string> written;
  const auto path = [&](const std::string& name) {
    written.push_back(name);
    return folder + "/" + name;
  };
  const Digits digits = digits_of(codec, images);
  pictures::write_tiles(path("reconstructions.png"), reconstructions(codec, images));
  pictures::write_tiles(path("interpolation.png"), interpolation(codec, images, digits));
  pictures::write_gif(path("interpolation.gif"), interpolation_film(codec, images, digits));
  pictures::write_gif(path("montage.gif"), montage_film(codec, images, digits));
  pictures::write_png(path("montage.png"), montages(codec, images, digits, std::vector{.5})[0]);
  pictures::write_tiles(path("traversals.png"), traversals(codec, images, digits));
  if (std::ssize(digits.codes[0]) - codec.classes() != 2) return written;
  const auto draw_space = [&] {
    nn::plot::write_figure(folder + "/latent_space.png", latent_space(codec, images));
  };
  if (pictures::draw_if_possible("latent_space.png", draw_space, missing))
    written.emplace_back("latent_space.png");

  pictures::write_tiles(path("latent_map.png"), latent_map(codec, images, digits));
  return written;
}

}  // namespace vae::lab
