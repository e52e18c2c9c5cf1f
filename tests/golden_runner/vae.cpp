#include "tests/golden_runner/cases.h"

namespace golden {

void run_vae(const Value& manifest, const Table&, Store&, Report& report) {
  for (const Value& entry : manifest["vae"]["cases"].items())
    report.run("vae/" + entry["name"].text(), [] { throw NotBuilt{"vae"}; });
  if (manifest.has("elbo")) report.run("elbo", [] { throw NotBuilt{"elbo"}; });
}

}  // namespace golden
