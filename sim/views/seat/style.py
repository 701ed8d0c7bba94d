"""The style of everything that a trainee looks at: one sheet, which every page of the seat needs once."""

from __future__ import annotations

STYLE = """
.mla{font:15px/1.5 system-ui,sans-serif;color:#1f2933;max-width:76rem}
.mla h2{font-size:1.15rem;line-height:1.35;margin:1.6em 0 .5em;padding-bottom:.2em;border-bottom:1px solid #cbd2d9}
.mla>h2:first-child,.mla>div:first-child>h2:first-child,.mla .outcome h3{margin-top:.3em}
.mla h3{font-size:1rem;margin:1.2em 0 .3em}
.mla p{margin:.4em 0;max-width:46rem}
.mla table{border-collapse:collapse;font-size:.92em;margin:.6em 0 1.2em}
.mla th,.mla td{padding:.25em .8em .25em 0;text-align:left;vertical-align:top}
.mla th{font-weight:600;color:#52606d;border-bottom:1px solid #cbd2d9}
.mla td.number{text-align:right;font-variant-numeric:tabular-nums}
.mla td.whole{white-space:nowrap}
.mla .outcome{border-left:4px solid #2f6db5;padding:.2em 1em;background:#f5f8fb}
.mla .guide{border-inline-start:4px solid #176b4e;background:#eef6f2;padding:.2em .9em;margin:.3em 0;max-width:46rem}
.mla .guide+div>h2{margin-top:.4em}
.mla .quiet{color:#52606d}
.mla .taken{font-weight:600}
.mla .mark{font-size:.82em;color:#7a4b00;background:#fff4dc;padding:0 .4em;border-radius:3px}
.mla ol,.mla ul{margin-block:.3em;margin-inline:1.2em 0;padding:0}
.mla .inbox:focus-visible{outline:2px solid #2459a0}
.mla .message{margin:0 0 .7em}
.mla .message b{font-weight:600}
.mla .message.inject{border-inline-start:3px solid #c98a12;padding-inline-start:.6em}
.mla .clocks{display:flex;flex-wrap:wrap;gap:.3em .5em;margin:.2em 0;padding:0;list-style:none;max-width:none}
.mla .clock{border:1px solid #cbd2d9;border-radius:4px;padding:.15em .6em;font-size:.86em;line-height:1.4;
font-variant-numeric:tabular-nums}
.mla .clock.now{border-color:#2459a0;background:#f5f8fb}
.mla .clock.near{border-color:#b2452e;border-inline-start-width:4px}
.mla .clock b{display:block;font-weight:600}
.mla .term{border-bottom:1px dotted #2459a0;cursor:help}
.mla .term:focus-visible{outline:2px solid #2459a0;outline-offset:1px}
.mla :is(p,li,td,dd,div):has(>.term,>:is(b,i,em,span,small,cite)>.term){position:relative}
.mla .term:is(:hover,:focus)::after{content:attr(aria-description);display:block;position:absolute;z-index:9;
inset-inline-start:0;width:max-content;max-width:min(26rem,90vw);margin-top:.1em;padding:.4em .7em;
box-sizing:border-box;border:1px solid #8795a1;border-radius:4px;background:#fff;color:#1f2933;
font:400 14px/1.45 system-ui,sans-serif;text-align:start;white-space:normal;box-shadow:0 2px 8px #0003}
.mla dl{margin:.3em 0;max-width:46rem}
.mla dt{font-weight:600;margin-top:.5em}
.mla dd{margin-inline:1.2em 0;margin-block:0}
.mla .picture{container-type:inline-size}
.mla .picture .narrow{display:none}
@container (max-width:640px){
.mla .picture .wide{display:none}
.mla .picture .narrow{display:block}
}
.mla svg .goes{animation:mla-goes 1.8s ease-in-out both}
@keyframes mla-goes{from{transform:var(--from)}}
@media (prefers-reduced-motion:reduce){
.mla svg .goes{animation:none}
}
.mla .ways{list-style:none;margin-inline:0;max-width:60rem}
.mla .ways li{margin-bottom:.4em;font-size:.93em}
.mla .facts{columns:24rem auto;column-gap:2em}
.mla .facts>div{break-inside:avoid}
.mla .facts h3{margin-top:.4em}
.mla td.good::before{content:"+ ";color:#176b4e}
.mla td.bad::before{content:"\\2212  ";color:#a33d28}
.mla tr.first>td{border-top:1px solid #e4e9ee}
.mla .film{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));grid-template-rows:auto auto auto auto 1fr;
gap:0 1.4em}
.mla .film>section{display:grid;grid-row:span 5;grid-template-rows:subgrid;align-content:start;min-width:0}
.mla .film h4{font-size:1rem;color:#1f2933;border-bottom:1px solid #cbd2d9;margin:.2em 0 .4em}
.mla .film section>div h4{font-size:.92rem;border:0;margin:.6em 0 .1em;color:#52606d}
.mla .film .steps{list-style:none;margin-inline:0}
.mla .film .steps li{margin-bottom:.5em}
.mla .film .message{font-size:.93em;margin:0 0 .5em}
.mla h3.film-day{margin:.4em 0 .2em}
.mla .film-day.parts,.mla tr.parts .mark{color:#8a2c12}
.mla .beside{width:100%;table-layout:fixed}
.mla .beside th:first-child{width:8.5rem}
.mla .beside .parts>td{border-top:2px solid #a33d28}
.mla .where{font-size:.93em;list-style:none;margin-inline:0}
.mla .beside p{margin-top:0}
@media (max-width:700px){
.mla .film{display:block}
.mla .film>section{display:block;margin-bottom:1.4em}
.mla .beside th:first-child{width:6rem}
}
.mla-seat{background:#fff;padding:4px 14px 14px;--jp-widgets-label-color:#1f2933;--jp-widgets-input-color:#1f2933;
--jp-widgets-input-background-color:#fff;--jp-widgets-input-border-color:#8795a1;--jp-ui-font-color0:#1f2933;
--jp-ui-font-color1:#1f2933;--jp-ui-font-color2:#52606d;--jp-ui-font-color3:#52606d;--jp-layout-color1:#fff;
--jp-layout-color2:#eef1f4;--jp-layout-color3:#dde3e9;--jp-border-color1:#cbd2d9;--jp-border-color2:#dde3e9}
.mla-seat .mla-notice,.mla-seat .mla-ask{border-inline-start:4px solid #2459a0;background:#f5f8fb;
padding:4px 14px 10px;margin-bottom:8px}
.mla-seat textarea,.mla-seat input[type=text]{font:14px/1.45 system-ui,sans-serif}
.mla-seat .jupyter-button{width:auto;padding:0 14px;border:1px solid #8795a1;border-radius:4px}
.mla p.mark{font-size:.95em;padding:.15em .6em}
.mla-seat .widget-vbox>.jupyter-button,.mla-seat>.jupyter-button{align-self:flex-start}
.mla-seat .widget-html-content{line-height:1.5;white-space:normal}
.mla .law details,.mla .law .reason{margin-inline-start:1.1em;max-width:60rem}
.mla .law cite{font-style:normal;color:#2459a0}
.mla summary{cursor:pointer}
.mla summary h2{display:inline-block;border:0;margin:.3em 0;padding:0}
.mla .halves{display:flex;flex-wrap:wrap;gap:0 2.4em}
.mla .halves>div{flex:1 1 24rem;min-width:0}
.mla .halves ol{padding-inline-start:.3em}
.mla .halves li{margin-bottom:.5em}
.mla .halves :is(li,p){font-size:.93em;line-height:1.42}
.mla .halves li>details p{font-size:1em}
@media print{
.mla details[id^=part-]::details-content{content-visibility:visible;block-size:auto}
.mla .on-screen,.mla details:not([id^=part-]){display:none}
.mla .term{border:0}
}
.mla summary:focus-visible,.mla a:focus-visible{outline:2px solid #2459a0;outline-offset:2px}
.mla h4{font-size:.92rem;margin:.8em 0 .1em;color:#52606d}
.mla a{color:#2459a0}
.mla p a{text-decoration:underline}
@media (min-width:900px){
.mla-preview{position:sticky;top:0;max-height:calc(100vh - 15rem);overflow:auto}
}
.mla div.mark{font-size:.95em;padding:.15em .6em}
.mla .letter{border:1px solid #cbd2d9;padding:1em 1.4em;background:#fff}
.mla .downloads.buttons a{display:inline-block;border:1px solid #8795a1;border-radius:4px;background:#eef1f4;
color:#1f2933;padding:.2em .9em;text-decoration:none;margin-inline-end:.4em}
.mla-seat .widget-checkbox label{display:flex;gap:.5em;align-items:flex-start;white-space:normal;height:auto;
line-height:1.4}
.mla-seat .widget-label,.mla-seat .widget-dropdown>label,.mla-seat .widget-textarea>label{white-space:normal;
height:auto;line-height:1.35}
.mla-seat .lm-TabBar-tab,.mla-seat .p-TabBar-tab{flex:0 0 auto!important;
min-width:0!important;max-width:none!important;padding:0 .7em!important}
.mla-seat .lm-TabBar-content{flex-wrap:wrap}
.mla-seat button:focus-visible,.mla-seat input:focus-visible,.mla-seat select:focus-visible,
.mla-seat textarea:focus-visible,.mla-seat .lm-TabBar-tab:focus-visible{outline:2px solid #2459a0;outline-offset:1px}
.mla table.sheet{width:100%;table-layout:fixed}
.mla table.sheet th{width:30%;text-align:start;border:0;vertical-align:top}
.mla table.sheet td{vertical-align:top}
.mla table.review{width:100%;table-layout:fixed}
.mla table.review th:nth-child(2){width:5.5rem}
.mla table.review th:nth-child(3){width:22rem}
.mla-seat .mla-option{white-space:normal;text-align:start;line-height:1.4;padding:.5em .8em;border:1px solid #8795a1;
border-radius:6px;background:#fff;color:#1f2933;font:15px/1.4 system-ui,sans-serif;overflow:visible;width:100%}
.mla-seat .mla-option:hover{border-color:#2459a0;background:#f5f8fb}
.mla-seat .widget-vbox:has(>.mla-option){margin-bottom:6px}
.mla-seat .widget-vbox>.mla-option{align-self:stretch}
.mla .head{display:flex;flex-wrap:wrap;gap:0 1em;align-items:baseline;border-bottom:1px solid #cbd2d9}
.mla .head h2{border:0;margin:.1em 0 0;padding:0}
.mla .head p{margin:0}
.mla p.asks{margin:0 0 0 .9em;font-size:.88em;color:#52606d}
.mla-seat .mla-cards{gap:12px;margin:2px -2px 6px;padding:2px}
.mla-seat .mla-card{position:relative;width:10.8rem;border:1px solid #cbd2d9;border-radius:8px;overflow:hidden;
padding-bottom:8px;background:#fff}
.mla-seat .mla-card:hover{border-color:#2459a0}
.mla-seat .mla-card.chosen{border-color:#2459a0;box-shadow:0 0 0 2px #2459a0}
.mla-seat .mla-card svg{display:block;width:100%;height:5.2rem}
.mla-seat .mla-card .mla-card-title{border:0;background:none;text-align:start;font:600 15px/1.3 system-ui,sans-serif;
color:#1f2933;padding:6px 10px 2px;white-space:normal;position:static;overflow:visible;
box-shadow:none}
.mla-seat .mla-card .mla-card-title::after{content:"";position:absolute;inset:0}
@media (max-width:480px){
.mla-seat .mla-card{width:calc(50% - 6px)}
.mla-seat .widget-text{flex-flow:row wrap;height:auto}
.mla-seat .widget-text>input{flex:1 1 12rem}
}
.mla-decide,.mla-desk{flex:1 1 100%;overflow:visible}
.mla-seat .widget-tab>.widget-tab-contents,.mla-seat .jupyter-widget-tab-contents{padding:8px 10px}
@media (min-width:900px){
.mla-work:not(.over){flex-flow:row nowrap!important}
.mla-work:not(.over)>.mla-decide{flex:1 1 26rem}
.mla-work:not(.over)>.mla-desk{flex:1 1 30rem;padding-inline-start:20px}
.mla-work.wide:not(.over)>.mla-decide{flex:0 1 19rem}
.mla-work:not(.over)>.mla-desk .widget-tab-contents{max-height:max(24rem,calc(100vh - 13rem));overflow:auto}
}
.rtl .mla,.rtl.mla,.mla-seat.rtl{direction:rtl;text-align:right}
.rtl .mla th,.rtl .mla td{text-align:right;padding:.25em 0 .25em .8em}
.rtl .mla :is(h2,h3,p,li,td,.clock,.message){unicode-bidi:plaintext}
.rtl .mla svg{direction:ltr}
.rtl .mla :is(ul,ol)[dir=ltr]{text-align:left}
.rtl .mla-option{unicode-bidi:plaintext;text-align:right}
.rtl .widget-label,.rtl .widget-inline-hbox>label{margin:0 0 0 8px}
.rtl .widget-checkbox span{unicode-bidi:plaintext}
"""
