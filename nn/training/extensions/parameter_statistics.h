#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "autograd/array/array.h"
#include "nn/dict.h"
#include "nn/link.h"
#include "nn/reporting/summary.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

// A function that computes one or several numbers from the elements of an array. The elements are
// passed as an array with one axis.
class Statistic {
 public:
  Statistic() = default;
  template <class F>
  // NOLINTNEXTLINE(google-explicit-constructor): a function is given where one is wanted
  requires std::invocable<F&, const autograd::Array&> Statistic(F f)
      : f_([f = std::move(f)](const autograd::Array& x) mutable -> std::vector<double> {
          if constexpr (std::convertible_to<std::invoke_result_t<F&, const autograd::Array&>,
                                            double>)
            return {static_cast<double>(f(x))};
          else
            return f(x);
        }) {}
  std::vector<double> operator()(const autograd::Array& x) const { return f_(x); }

 private:
  std::function<std::vector<double>(const autograd::Array&)> f_;
};

// mean, std, min, max, zeros (how many elements are 0), percentile (at 0.13, 2.28, 15.87, 50, 84.13,
// 97.72 and 99.87 %, which are those of a normal distribution at whole standard deviations).
Dict<Statistic> default_statistics();

struct ParameterStatisticsOptions {
  bool report_params = true;
  bool report_grads = true;
  std::string prefix = {};         // of the names, with a slash behind it
  Trigger trigger = {1, "epoch"};  // when to report; the extension itself is called more often
  bool skip_nan_params = false;    // report a single NaN for an array that holds one
};

// Reports statistics of the parameters of links and of their gradients, averaged over an interval,
// as le1/W/data/mean, where le1 is the name that the link has in the optimizer's target, or None if
// it is no part of a target. A statistic of several numbers is reported as .../percentile/0, /1, ...
// Parameters without data, and gradients that are not there, are left out. Unlike Chainer's, what was
// collected is part of snapshots. chainer.training.extensions.ParameterStatistics.
//
//   trainer.extend(extensions::ParameterStatistics(model.le1));
//   trainer.extend(extensions::ParameterStatistics({&model.le1, &model.ld1},
//       {{"range", [](const Array& x) { return array::max(x).item() - array::min(x).item(); }}}));
class ParameterStatistics : public Extension {
 public:
  explicit ParameterStatistics(Link& link, Dict<Statistic> statistics = default_statistics(),
                               ParameterStatisticsOptions options = {})
      : ParameterStatistics(std::vector<Link*>{&link}, std::move(statistics), std::move(options)) {}
  explicit ParameterStatistics(const std::vector<Link*>& links,
                               Dict<Statistic> statistics = default_statistics(),
                               ParameterStatisticsOptions options = {});

  // Throws if a link is destroyed.
  void operator()(Trainer& trainer) override;
  void register_statistics(const std::string& name, Statistic function) {
    statistics_[name] = std::move(function);
  }
  std::string default_name() const override { return "parameter_statistics"; }
  int default_priority() const override { return kPriorityWriter; }
  void serialize(Serializer& s) override;

 private:
  std::vector<LinkPointer> links_;
  Dict<Statistic> statistics_;
  ParameterStatisticsOptions options_;
  DictSummary summary_;
};

}  // namespace nn::training::extensions
