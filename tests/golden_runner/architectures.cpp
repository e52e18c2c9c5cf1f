#include <cmath>
#include <memory>

#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/base/error.h"
#include "autograd/base/random.h"
#include "autograd/graph/config.h"
#include "nn/links/model/vision/googlenet.h"
#include "nn/links/model/vision/resnet.h"
#include "nn/links/model/vision/vgg.h"
#include "tests/golden_runner/cases.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/made_values.h"

// Whole networks for images: their parameters as they are drawn, and what their layers compute.
namespace golden {
namespace {

using autograd::Error;

std::unique_ptr<nn::VisionModel> make_model(const Expression& e) {
  Arguments a(e);
  const std::string& name = e.callee();
  const Expression* pretrained = a.find(0, "pretrained_model");
  if (!pretrained || !literal(*pretrained).is(Value::Kind::null))
    throw NotBuilt{"a model that is not drawn"};
  std::unique_ptr<nn::VisionModel> model;
  const auto resnet = [&] {
    return nn::ResNetLayersOptions{.downsample_fb = a.flag(1, "downsample_fb")};
  };
  if (name == "VGG16Layers") model = std::make_unique<nn::VGG16Layers>(nn::None);
  if (name == "VGG19Layers") model = std::make_unique<nn::VGG19Layers>(nn::None);
  if (name == "GoogLeNet") model = std::make_unique<nn::GoogLeNet>(nn::None);
  if (name == "ResNet50Layers") model = std::make_unique<nn::ResNet50Layers>(nn::None, resnet());
  if (name == "ResNet101Layers") model = std::make_unique<nn::ResNet101Layers>(nn::None, resnet());
  if (name == "ResNet152Layers") model = std::make_unique<nn::ResNet152Layers>(nn::None, resnet());
  if (!model) throw NotBuilt{name};
  require_all_read(a);
  return model;
}

double sum_of(const Array& a) {
  return autograd::array::sum(a.astype(autograd::Dtype::float64)).item();
}

class Architecture {
 public:
  Architecture(const Value& entry, const nn::NpzReader& file, Report& report)
      : entry_(entry), file_(file), report_(report) {}

  void run() {
    autograd::random::seed(static_cast<std::uint32_t>(entry_["seed"].integer()));
    const std::unique_ptr<nn::VisionModel> model = make_model(parse_python(entry_["model"].text()));
    report_.compare("values", "the next random number",
                    Array::scalar(autograd::random::generator().rand()), stored("next"), 0);
    check_parameters(*model);
    check_persistents(*model);
    std::vector<std::string> names;
    for (const Value& name : entry_["available_layers"].items()) names.push_back(name.text());
    report_.expect(model->available_layers() == names, "available_layers", "they are others");
    check_layers(*model);
  }

 private:
  Array stored(const std::string& name) const {
    return file_.array(entry_["key"].text() + "/" + name);
  }
  static Shape shape_of(const Value& v) {
    Shape shape;
    for (const int n : v.integers()) shape.push_back(n);
    return shape;
  }

  void check_parameters(nn::VisionModel& model) const {
    const std::vector<nn::NamedParameter> found = model.namedparams();
    const std::vector<Value>& params = entry_["params"].items();
    report_.expect(found.size() == params.size(), "params", "there are others");
    report_.expect(static_cast<double>(model.count_params()) == entry_["count"].number(), "count",
                   "there are others");
    if (found.size() != params.size()) return;
    const Array first = stored("first"), sum = stored("sum");
    for (std::size_t i = 0; i < params.size(); ++i) {
      const std::string& path = params[i].items().at(0).text();
      const Array values = found[i].parameter.array();
      report_.expect(
          found[i].path == "/" + path && values.shape() == shape_of(params[i].items().at(1)),
          "params", found[i].path + " is where " + path + " is expected");
      const auto index = static_cast<std::int64_t>(i);
      const std::int64_t count = std::min<std::int64_t>(first.length(1), values.size());
      report_.compare("first", path, values.flatten().slice(0, 0, count),
                      first.select(0, index).slice(0, 0, count), 0);
      // Relative, with room for sums that nearly vanish.
      const double expected = sum.select(0, index).item(), got = sum_of(values);
      const double size = sum_of(autograd::map(autograd::ops::Absolute{}, values));
      report_.expect(std::abs(got - expected) <= 1e-9 * std::max(std::abs(expected), 1e-3 * size),
                     "sum",
                     path + ": " + std::to_string(got) + ", not " + std::to_string(expected));
    }
  }

  void check_persistents(nn::VisionModel& model) const {
    const std::map<std::string, Array> found = persistents(model);
    const std::vector<Value>& expected = entry_["persistent"].items();
    report_.expect(found.size() == expected.size(), "persistent", "there are others");
    for (const Value& value : expected) {
      const std::vector<Value>& parts = value.items();  // path, dtype, shape
      const auto at = found.find(parts.at(0).text());
      report_.expect(at != found.end() && at->second.shape() == shape_of(parts.at(2)) &&
                         autograd::name(at->second.dtype()) == parts.at(1).text(),
                     "persistent", parts.at(0).text() + " is not there, or another");
    }
  }

  void check_layers(nn::VisionModel& model) const {
    std::vector<std::string> names;
    for (const Value& name : entry_["layers"].items()) names.push_back(name.text());
    const auto scope =
        autograd::using_config(&autograd::Config::train, entry_["train"].flag(false));
    const auto without_graph = autograd::no_backprop_mode();
    const nn::Dict<Variable> layers = model(autograd::as_variable(stored("x")), names);
    report_.expect(layers.size() == names.size(), "layers", "there are others");
    for (const std::string& name : names) {
      const Array y = layers.at(name).array(), expected = stored("y/" + name);
      report_.expect(y.shape() == shape_of(entry_["shapes"][name]), name,
                     "its shape is " + to_string(y.shape()));
      const double greatest = stored("y/" + name + "/max").item();
      const double allowed = 1e-4 * greatest;
      const auto near = [&](const std::string& what, const Array& a, const Array& b) {
        // report_.compare() is relative to 1.
        const Array unit = Array::full({}, greatest, a.dtype());
        report_.compare(what, name, autograd::map(autograd::ops::Div{}, a, unit),
                        autograd::map(autograd::ops::Div{}, b.astype(a.dtype()), unit), 1e-4);
      };
      near("y", y.flatten().slice(0, 0, expected.size()), expected.flatten());
      const double got = autograd::array::max(autograd::map(autograd::ops::Absolute{}, y)).item();
      report_.expect(std::abs(got - greatest) <= allowed, "max", name + " has another");
      const double mean = sum_of(y) / static_cast<double>(y.size());
      report_.expect(std::abs(mean - stored("y/" + name + "/mean").item()) <= allowed, "mean",
                     name + " has another");
    }
  }

  const Value& entry_;
  const nn::NpzReader& file_;
  Report& report_;
};

}  // namespace

void run_architectures(const Value& manifest, Store& store, Report& report) {
  const Value& section = manifest["architectures"];
  for (const Value& entry : section["cases"].items())
    report.run("architectures/" + entry["key"].text(), [&] {
      Architecture(entry, store.open(section["file"].text("architectures.npz")), report).run();
      require_all_read(entry, {"note"});
    });
}

}  // namespace golden
