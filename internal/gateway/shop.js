/*
 * metalease shop: shows price and stock of a product, and a button that leads to its checkout.
 *
 *   <script src="https://gateway.example.com/public/shop.js" defer></script>
 *   <metalease-product product="e3-64g" cycle="monthly" currency="EUR"></metalease-product>
 *
 * Attributes: product (id in WHMCS or SKU), cycle, currency, os-template, promo-code, label (of the
 * button), lang (for numbers). What is not known is not shown as zero. Without the catalogue the button
 * stays away. The page can style metalease-product::part(price), ::part(stock) and ::part(button).
 */
(() => {
  "use strict";
  const base = new URL(".", document.currentScript.src);
  let shared = null;
  let until = 0;

  // One reading serves all elements of the page for some seconds.
  const catalogue = () => {
    if (shared === null || Date.now() > until) {
      until = Date.now() + 10000;
      shared = fetch(new URL("catalogue", base), { credentials: "omit" }).then((answer) => {
        if (!answer.ok) {
          throw new Error("the catalogue answers " + answer.status);
        }
        return answer.json();
      });
      shared.catch(() => {
        shared = null;
      });
    }
    return shared;
  };

  const words = {
    available: "In stock",
    few: (n) => "Only " + n + " left",
    none: "Out of stock",
    unknown: "Availability on request",
    setup: (price) => "plus " + price + " set-up",
    order: "Order",
    failed: "This product cannot be shown now.",
  };

  class Product extends HTMLElement {
    static observedAttributes = ["product", "cycle", "currency", "os-template", "promo-code", "label"];

    connectedCallback() {
      this.attachShadow({ mode: "open" });
      this.shadowRoot.innerHTML =
        '<style>:host{display:inline-block}[part=price]{font-weight:600}[part=button]{display:inline-block;margin-top:.5em}[hidden]{display:none!important}</style>' +
        '<div role="group"><div part="name"></div><div part="price"></div><div part="stock" role="status"></div><a part="button" hidden></a></div>';
      this.show();
    }

    attributeChangedCallback() {
      if (this.shadowRoot) {
        this.show();
      }
    }

    part(name) {
      return this.shadowRoot.querySelector("[part=" + name + "]");
    }

    async show() {
      try {
        const all = await catalogue();
        const wanted = this.getAttribute("product");
        const product = all.products.find((p) => p.sku === wanted || String(p.product) === wanted);
        if (!product) {
          throw new Error("no product " + wanted);
        }
        this.fill(product);
      } catch (problem) {
        console.warn("metalease shop:", problem.message);
        this.part("button").hidden = true;
        this.part("stock").textContent = words.failed;
      }
    }

    fill(product) {
      const currency = this.getAttribute("currency");
      const cycle = this.getAttribute("cycle");
      const price = product.prices.find((p) => (!currency || p.currency === currency) && (!cycle || p.cycle === cycle));
      if (!price) {
        throw new Error("product " + product.product + " is not offered so");
      }
      const lang = this.closest("[lang]")?.lang || undefined;
      const money = (amount) => new Intl.NumberFormat(lang, { style: "currency", currency: price.currency }).format(Number(amount));
      this.shadowRoot.querySelector("[role=group]").setAttribute("aria-label", product.name);
      this.part("name").textContent = product.name;
      this.part("price").textContent =
        money(price.recurring) + " / " + price.cycle + (Number(price.setup) > 0 ? ", " + words.setup(money(price.setup)) : "");
      const stock = product.stock;
      let text = words.unknown;
      if (stock) {
        text = stock.free > 5 ? words.available : stock.free > 0 ? words.few(stock.free) : words.none;
      }
      this.part("stock").textContent = text;
      const button = this.part("button");
      const link = new URL("catalogue/" + encodeURIComponent(this.getAttribute("product")) + "/link", base);
      link.searchParams.set("cycle", price.cycle);
      link.searchParams.set("currency", price.currency);
      for (const [attribute, name] of [["os-template", "os_template"], ["promo-code", "promo_code"]]) {
        if (this.getAttribute(attribute)) {
          link.searchParams.set(name, this.getAttribute(attribute));
        }
      }
      button.href = link.href;
      button.textContent = this.getAttribute("label") || words.order;
      button.setAttribute("aria-label", button.textContent + ": " + product.name);
      button.hidden = Boolean(stock) && stock.free === 0;
    }
  }

  customElements.define("metalease-product", Product);
})();
